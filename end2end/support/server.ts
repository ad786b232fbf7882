// A running Countersign of its own for each worker: a database in a folder, the people in it, the API.

import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { Api } from "./api.ts";
import { secretsFile, serverFolder } from "./run.ts";
import { register } from "./secret_scan.ts";

/** The database's file, where it is one. */
const FILE = "countersign.db";

/** How long the server may take to start, and to stop. */
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
  /** The link that sets the installation up, printed while nobody is in it. */
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

  /** Serves an empty database on a free port: a file in a folder of this name, or the one at this address. */
  static async start(name: string, database?: string): Promise<Server> {
    const folder = serverFolder(name);
    mkdirSync(folder, { recursive: true });
    const instance = { folder, database: database ?? `sqlite:${join(folder, FILE)}` };
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

  /** A new member, made from the command line beside the running server. */
  async person(name: string, role: Role = "usage"): Promise<Person> {
    this.#people += 1;
    const local = name.toLowerCase().replace(/[^a-z]+/g, ".");
    return createPerson(this.#instance, name, role, `${local}.${this.#people}`);
  }

  /** The API, called with this token, or with none. */
  api(token?: string): Api {
    return new Api(this.baseURL, token, registerSecret);
  }

  /** A token of `POST /v2/session` for this person. */
  async sessionToken(person: Person): Promise<string> {
    const { status, body } = await this.api().post("/v2/session", { email: person.email, password: person.password });
    if (status !== 200) throw new Error(`POST /v2/session answered ${status}`);
    return (body as { accessToken: string }).accessToken;
  }

  /** Writes noise over all that its database's files hold, as a disk that dies. The server goes on. */
  corruptDatabaseFiles(): void {
    for (const file of [FILE, `${FILE}-wal`].map((name) => join(this.#instance.folder, name))) {
      writeFileSync(file, randomBytes(statSync(file).size), { flag: "r+" });
    }
  }

  /** Ends the server as a service manager would. It must end within its time, and well unless it is to tell that it could not. */
  async stop(code = 0): Promise<void> {
    if (this.#process.exitCode === null) {
      const ended = once(this.#process, "exit", { signal: AbortSignal.timeout(TIMEOUT_MS) });
      this.#process.kill("SIGTERM");
      await ended.catch((error) => {
        this.#process.kill("SIGKILL");
        throw new Error("the server did not stop when it was told to", { cause: error });
      });
    }
    if (this.#process.exitCode !== code) throw new Error(`the server ended with ${this.#process.exitCode}`);
  }
}

/** Writes a secret down, so that it is searched for when all stories are over. */
export function registerSecret(secret: string): void {
  register(secretsFile(), secret);
}

function program(): string {
  const path = process.env.COUNTERSIGN_BIN;
  if (!path) throw new Error("COUNTERSIGN_BIN is not set: run the stories with `cargo xtask e2e`");
  return path;
}

/** Nothing of ours but the path: the program must find its site and settings by itself. */
function environment({ folder, database }: Instance): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    COUNTERSIGN_DATABASE_URL: database,
    COUNTERSIGN_MASTER_KEY_FILE: join(folder, "master.key"),
    // At its most talkative, the log must still not hold a secret.
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
    // One that ends before it reads its input tells why by itself.
    child.stdin?.on("error", () => {});
    child.stdin?.end(`${person.password}\n`);
  });
  return person;
}

/** Where a server keeps what it keeps. */
interface Instance {
  folder: string;
  database: string;
}

interface StartupOutput {
  address: string;
  setupLink: string;
}

/** What the server says at its start: `Countersign listens on http://…`, then `Set up Countersign: http://…`. */
async function readStartupOutput(process: ChildProcess): Promise<StartupOutput> {
  const lines = createInterface({ input: process.stdout! });
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(() => reject(new Error("the server did not say where it listens")), TIMEOUT_MS);
    const settle = (finish: () => void) => {
      clearTimeout(tooLate);
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
    process.once("exit", (code) => settle(() => reject(new Error(`the server ended with ${code} at its start`))));
  });
}
