// Runs `countersign demo`: users, dashboards and a week of history in a temporary database.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** Maximum time for the demo to generate its data and start. */
const TIMEOUT_MS = 30_000;

export interface Demo {
  baseURL: string;
  /** The password of all demo users. */
  password: string;
  stop: () => Promise<void>;
}

/** Starts the demo on a free port. */
export async function startDemo(): Promise<Demo> {
  const program = process.env.COUNTERSIGN_BIN;
  if (!program) throw new Error("COUNTERSIGN_BIN is not set: take the screenshots with `cargo xtask pictures`");
  const child = spawn(program, ["demo", "--listen", "127.0.0.1:0"], {
    env: { PATH: process.env.PATH },
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 10 * TIMEOUT_MS,
  });
  const stop = async () => {
    if (child.exitCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  const timer = setTimeout(() => child.kill("SIGKILL"), TIMEOUT_MS);
  for await (const line of createInterface({ input: child.stdout })) {
    const [, baseURL, password] = /^Sign in at (http\S+)\/signin with the password: (.+)$/.exec(line) ?? [];
    if (!baseURL || !password) continue;
    clearTimeout(timer);
    child.stdout.resume();
    return { baseURL, password, stop };
  }
  throw new Error("the demo printed no sign-in line");
}
