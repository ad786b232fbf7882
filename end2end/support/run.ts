// Global setup and teardown. Before the first story: create a folder for this run. After the last, once every server has
// stopped: scan all artifacts for secrets, and all server logs for panics.

import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { FullConfig } from "@playwright/test";

import { describe, registered, scan } from "./secret_scan.ts";

const VARIABLE = "COUNTERSIGN_STORIES_RUN";

/** The folder of this run. */
export function runFolder(): string {
  const folder = process.env[VARIABLE];
  if (!folder) throw new Error(`${VARIABLE} is not set: run the stories with Playwright's own command`);
  return folder;
}

/** The folder of all files that must not contain a secret: databases, logs, pages, browser storage. It is scanned at the end. */
export const artifactsFolder = () => join(runFolder(), "artifacts");

/** The file that registers the secrets that stories have seen. */
export const secretsFile = () => join(runFolder(), "secrets");

/** The folder of one server's database and log. */
export const serverFolder = (name: string) => join(artifactsFolder(), `server-${name}`);

export default function setUp(config: FullConfig): () => void {
  process.env[VARIABLE] = join(config.projects[0]!.outputDir, "run");
  mkdirSync(artifactsFolder(), { recursive: true, mode: 0o700 });
  return scanForSecrets;
}

/** Fails the run if a task of a server panicked, even if the client received a response. */
function checkForPanics(): void {
  const logs = readdirSync(artifactsFolder()).filter((name) => name.startsWith("server-")).map((name) => join(artifactsFolder(), name, "log"));
  const panics = logs.flatMap((log) => readFileSync(log, "utf8").split("\n").filter((line) => line.includes("A task panicked.")));
  if (panics.length > 0) throw new Error(`Servers panicked ${panics.length} times:\n${[...new Set(panics)].slice(0, 5).join("\n")}`);
}

/** Fails the run if a secret is found, or if a server left no files: a scan of nothing proves nothing. */
function scanForSecrets(): void {
  for (const name of readdirSync(artifactsFolder()).filter((name) => name.startsWith("server-"))) {
    for (const file of name.startsWith("server-postgres-") ? ["log"] : ["countersign.db", "log"]) {
      if (!existsSync(join(artifactsFolder(), name, file))) throw new Error(`${name} left no ${file} to scan for secrets`);
    }
  }
  checkForPanics();
  const secrets = registered(secretsFile());
  const { files, found } = scan(artifactsFolder(), secrets);
  if (found.length > 0) throw new Error(`Secrets in artifacts:\n${found.map(describe).join("\n")}`);
  console.log(`Scanned ${files} artifacts for ${secrets.length} secrets: none found`);
}
