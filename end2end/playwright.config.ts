// How the stories run: the installed Chromium, each story with scripts on and again with scripts off.

import { defineConfig } from "@playwright/test";

import { PLAIN_HTTP_NAME } from "./support/names.ts";

const isRoot = process.getuid?.() === 0;

export default defineConfig({
  outputDir: "test-results",
  globalSetup: "./support/run.ts",
  reporter: "list",
  workers: 2,
  // A story that fails now and then has found something.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    trace: "off",
    locale: "en-US",
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
      args: [
        // Chromium's sandbox refuses to work for root.
        ...(isRoot ? ["--no-sandbox"] : []),
        "--disable-gpu",
        "--disable-quic",
        // Nothing but the product may speak to a network.
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        `--host-resolver-rules=MAP ${PLAIN_HTTP_NAME} 127.0.0.1`,
      ],
    },
  },
  projects: [
    { name: "support", testDir: "support" },
    { name: "scripts-on", testDir: "stories", use: { javaScriptEnabled: true } },
    { name: "scripts-off", testDir: "stories", use: { javaScriptEnabled: false } },
  ],
});
