// Runs a Countersign server for tests: its process, its database, its users, its API.

import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { Api } from "./api.ts";
import { secretsFile, serverFolder } from "./run.ts";
import { register } from "./secret_scan.ts";

/** The file name of a SQLite database. */
const FILE = "countersign.db";

/** Maximum time for the server to start, and to stop. */
const TIMEOUT_MS = 20_000;

export type Role = "admin" | "power" | "usage" | "read_only";

export interface Person {
  name: string;
  email: string;
  role: Role;
  password: string;
}

export class Server {
  readonly baseURL: string;
  /** The set-up link, which the server prints while it has no users. */
  readonly setupLink: string;
  readonly #instance: Instance;
  readonly #process: ChildProcess;
  #people = 0;

  private constructor(output: StartupOutput, instance: Instance, process: ChildProcess) {
    this.baseURL = output.address;
    this.setupLink = output.setupLink;
    this.#instance = instance;
    this.#process = process;
  }

  /**
   * Starts a server on a free port, over the database at this URL, or a new SQLite file in a folder of this name.
   * `settings` are further environment variables.
   */
  static async start(name: string, database?: string, settings: Record<string, string> = {}): Promise<Server> {
    const folder = serverFolder(name);
    mkdirSync(folder, { recursive: true });
    const instance = { folder, database: database ?? `sqlite:${join(folder, FILE)}`, settings };
    const log = createWriteStream(join(folder, "log"), { flags: "a" });
    const process = spawn(program(), ["serve", "--listen", "127.0.0.1:0"], {
      cwd: folder,
      env: environment(instance),
      stdio: ["ignore", "pipe", "pipe"],
    });
    process.stdout.pipe(log, { end: false });
    process.stderr.pipe(log, { end: false });
    try {
      return new Server(await readStartupOutput(process), instance, process);
    } catch (error) {
      process.kill("SIGKILL");
      throw error;
    }
  }

  /** Creates a member with the command line while the server runs. */
  async person(name: string, role: Role = "usage"): Promise<Person> {
    this.#people += 1;
    const local = name.toLowerCase().replace(/[^a-z]+/g, ".");
    return createPerson(this.#instance, name, role, `${local}.${this.#people}`);
  }

  /** An API client with this token, or without one. It sends these headers with every call. */
  api(token?: string, headers: Record<string, string> = {}): Api {
    return new Api(this.baseURL, token, registerSecret, headers);
  }

  /** Issues a token to this person with `POST /v2/session`. */
  async sessionToken(person: Person): Promise<string> {
    const { status, body } = await this.api().post("/v2/session", { email: person.email, password: person.password });
    if (status !== 200) throw new Error(`POST /v2/session answered ${status}`);
    return (body as { accessToken: string }).accessToken;
  }

  /** Overwrites the database files with random bytes, to simulate disk corruption. The server keeps running. */
  corruptDatabaseFiles(): void {
    for (const file of [FILE, `${FILE}-wal`].map((name) => join(this.#instance.folder, name))) {
      writeFileSync(file, randomBytes(statSync(file).size), { flag: "r+" });
    }
  }

  /** Stops the server with SIGTERM, as a service manager does. Fails on timeout or on an exit code other than `code`. */
  async stop(code = 0): Promise<void> {
    if (this.#process.exitCode === null) {
      const exited = once(this.#process, "exit", { signal: AbortSignal.timeout(TIMEOUT_MS) });
      this.#process.kill("SIGTERM");
      await exited.catch((error) => {
        this.#process.kill("SIGKILL");
        throw new Error("the server did not stop after SIGTERM", { cause: error });
      });
    }
    if (this.#process.exitCode !== code) throw new Error(`the server exited with ${this.#process.exitCode}`);
  }
}

/** Registers a secret for the scan after the last story. */
export function registerSecret(secret: string): void {
  register(secretsFile(), secret);
}

function program(): string {
  const path = process.env.COUNTERSIGN_BIN;
  if (!path) throw new Error("COUNTERSIGN_BIN is not set: run the stories with `cargo xtask e2e`");
  return path;
}

/** Only PATH is inherited: the program must find its site and settings without other variables. */
function environment({ folder, database, settings }: Instance): NodeJS.ProcessEnv {
  return {
    ...settings,
    PATH: process.env.PATH,
    COUNTERSIGN_DATABASE_URL: database,
    COUNTERSIGN_MASTER_KEY_FILE: join(folder, "master.key"),
    // Even a verbose log must not contain a secret.
    COUNTERSIGN_LOG: "debug",
    RUST_BACKTRACE: "1",
  };
}

async function createPerson(instance: Instance, name: string, role: Role, local: string): Promise<Person> {
  const person = { name, role, email: `${local}@example.com`, password: randomBytes(18).toString("base64url") };
  registerSecret(person.password);
  const flags = ["--email", person.email, "--name", name, "--role", role, "--password-stdin"];
  await new Promise<void>((resolve, reject) => {
    const options = { cwd: instance.folder, env: environment(instance), timeout: TIMEOUT_MS };
    const child = execFile(program(), ["user", "create", ...flags], options, (error, _stdout, stderr) =>
      error ? reject(new Error(`countersign user create failed: ${stderr}`, { cause: error })) : resolve(),
    );
    // A program that exits before it reads its input reports the reason on stderr.
    child.stdin?.on("error", () => {});
    child.stdin?.end(`${person.password}\n`);
  });
  return person;
}

/** The folder, database and further settings of one server. */
interface Instance {
  folder: string;
  database: string;
  settings: Record<string, string>;
}

interface StartupOutput {
  address: string;
  setupLink: string;
}

/** Reads the startup output: `Countersign listens on http://…`, then `Set up Countersign: http://…`. */
async function readStartupOutput(process: ChildProcess): Promise<StartupOutput> {
  const lines = createInterface({ input: process.stdout! });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the server did not print its address")), TIMEOUT_MS);
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      lines.close();
      finish();
    };
    let address: string | undefined;
    lines.on("line", (line) => {
      address ??= /listens on (http:\/\/[^\s/]+)/.exec(line)?.[1];
      const setupLink = /^Set up Countersign: (http\S+)/.exec(line)?.[1];
      if (address && setupLink) settle(() => resolve({ address: address!, setupLink }));
    });
    process.once("error", (error) => settle(() => reject(error)));
    process.once("exit", (code) => settle(() => reject(new Error(`the server exited with ${code} while starting`))));
  });
}
