// Configuration of the stories: the installed Chromium, each story once with scripts enabled and once with scripts disabled.

import { defineConfig } from "@playwright/test";

import { PLAIN_HTTP_NAME } from "./support/names.ts";

const isRoot = process.getuid?.() === 0;

export default defineConfig({
  outputDir: "test-results",
  globalSetup: "./support/run.ts",
  reporter: "list",
  workers: 2,
  // A story that fails intermittently has found a fault; a retry would hide it.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    trace: "off",
    locale: "en-US",
    // Half of the time would be spent on drawing transitions between pages. `theme.spec.ts` runs with them.
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium-headless-shell",
      args: [
        // Chromium's sandbox does not work for root.
        ...(isRoot ? ["--no-sandbox"] : []),
        "--disable-gpu",
        "--disable-quic",
        // The browser itself makes no network requests, so that every request comes from the product.
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
