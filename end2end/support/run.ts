// Before the first story: a folder for this run. After the last, once every server has stopped: the search of all
// they left behind for secrets, and of what they logged for panics.

import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import type { FullConfig } from "@playwright/test";

import { describe, registered, scan } from "./secret_scan.ts";

const VARIABLE = "COUNTERSIGN_STORIES_RUN";

/** The folder of this run. What is in its `artifacts` is searched. */
export function runFolder(): string {
  const folder = process.env[VARIABLE];
  if (!folder) throw new Error(`${VARIABLE} is not set: run the stories with Playwright's own command`);
  return folder;
}

/** Where everything goes that must not hold a secret: databases, logs, pages, browser storage. */
export const artifactsFolder = () => join(runFolder(), "artifacts");

/** Where the secrets are written down that the stories saw. */
export const secretsFile = () => join(runFolder(), "secrets");

/** Where one server keeps its database and its log. */
export const serverFolder = (name: string) => join(artifactsFolder(), `server-${name}`);

export default function setUp(config: FullConfig): () => void {
  process.env[VARIABLE] = join(config.projects[0]!.outputDir, "run");
  mkdirSync(artifactsFolder(), { recursive: true, mode: 0o700 });
  return scanForSecrets;
}

/** Fails the run when a server's task panicked, whoever was answered all the same. */
function checkForPanics(): void {
  const logs = readdirSync(artifactsFolder()).filter((name) => name.startsWith("server-")).map((name) => join(artifactsFolder(), name, "log"));
  const panics = logs.flatMap((log) => readFileSync(log, "utf8").split("\n").filter((line) => line.includes("A task panicked.")));
  if (panics.length > 0) throw new Error(`Servers panicked ${panics.length} times:\n${[...new Set(panics)].slice(0, 5).join("\n")}`);
}

/** Fails the run when a secret is found, or when a server left nothing to search: then the search proves nothing. */
function scanForSecrets(): void {
  for (const name of readdirSync(artifactsFolder()).filter((name) => name.startsWith("server-"))) {
    for (const file of name.startsWith("server-postgres-") ? ["log"] : ["countersign.db", "log"]) {
      if (!existsSync(join(artifactsFolder(), name, file))) throw new Error(`${name} left no ${file} to search for secrets`);
    }
  }
  checkForPanics();
  const secrets = registered(secretsFile());
  const { files, found } = scan(artifactsFolder(), secrets);
  if (found.length > 0) throw new Error(`Secrets where none may be:\n${found.map(describe).join("\n")}`);
  console.log(`Searched ${files} files that the stories left for ${secrets.length} secrets they saw: none found`);
}
