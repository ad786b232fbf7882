// The fixtures of stories: `import { expect, test } from "../support/story.ts"`.
//
// `server` is a running server, shared by the stories of one worker, and `administrator` one of its users; `emptyServer` is
// a server without users that only this story uses. `page` is a browser connected to `server`; `anotherBrowser` opens a
// separate one. A console message, page error or third-party request in any browser fails the story, unless
// `expectedMessages` lists it. A story runs with scripts enabled and with scripts disabled; one that requires scripts begins
// with `test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, "…why…")`.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test as base, type BrowserContext, type Page } from "@playwright/test";

import { expectAccessible } from "./accessibility.ts";
import { PLAIN_HTTP_NAME } from "./names.ts";
import { artifactsFolder } from "./run.ts";
import { type Person, registerSecret, Server } from "./server.ts";

interface Watch {
  context: (context: BrowserContext) => void;
}

interface PerWorker {
  server: Server;
  administrator: Person;
}

interface PerStory {
  /** Opens a separate browser: another user, or another device. */
  anotherBrowser: () => Promise<Page>;
  /** Checks the accessibility of the current page. With scripts disabled it does nothing, because axe runs in the page. */
  checkAccessibility: (page: Page) => Promise<void>;
  /** A server over an empty database. */
  emptyServer: Server;
  /** The console messages that this story may cause, such as failed requests. */
  expectedMessages: RegExp[];
  /** Saves the current page for the secret scan. Call it where the page must not contain a secret. */
  savePage: (page: Page, name: string) => Promise<void>;
  /** Registers a secret that the story has seen, for the scan at the end. */
  registerSecret: (secret: string) => void;
  watch: Watch;
}

/** Messages allowed in every story. A story that types before the page has loaded keeps its focus, which is correct. */
const harmlessMessages = [/Autofocus processing was blocked because a document already has a focused element/];

export const test = base.extend<PerStory, PerWorker>({
  server: [
    async ({}, use, worker) => {
      const server = await Server.start(String(worker.workerIndex));
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],

  administrator: [async ({ server }, use) => use(await server.person("Ada Admin", "admin")), { scope: "worker" }],

  emptyServer: async ({ context }, use, info) => {
    const server = await Server.start(`${info.workerIndex}-${info.testId}`);
    await use(server);
    // Requests that are still in progress would fail and be reported.
    for (const page of context.pages()) await page.waitForLoadState("networkidle");
    await server.stop();
  },

  baseURL: async ({ server }, use) => use(server.baseURL),

  checkAccessibility: async ({ javaScriptEnabled }, use) => {
    await use(async (page) => {
      if (javaScriptEnabled !== false) await expectAccessible(page);
    });
  },

  expectedMessages: async ({}, use) => use([]),

  registerSecret: async ({}, use) => use(registerSecret),

  savePage: async ({}, use, info) => {
    await use(async (page, name) => save(`${info.testId}-${info.project.name}-${name}.html`, await page.content()));
  },

  watch: async ({ expectedMessages }, use) => {
    const messages: string[] = [];
    await use({ context: (context) => collectMessages(context, messages) });
    const expected = [...harmlessMessages, ...expectedMessages];
    const unexpected = messages.filter((message) => !expected.some((pattern) => pattern.test(message)));
    expect(unexpected, "no unexpected browser messages").toEqual([]);
  },

  context: async ({ context, watch, javaScriptEnabled }, use, info) => {
    watch.context(context);
    await use(context);
    await saveStorage(context, `${info.testId}-${info.project.name}`, javaScriptEnabled !== false);
  },

  anotherBrowser: async ({ browser, contextOptions, baseURL, javaScriptEnabled, locale, watch }, use, info) => {
    const opened: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ ...contextOptions, baseURL, javaScriptEnabled, locale });
      opened.push(context);
      watch.context(context);
      return context.newPage();
    });
    for (const [number, context] of opened.entries()) {
      const name = `${info.testId}-${info.project.name}-${number + 2}`;
      await saveStorage(context, name, javaScriptEnabled !== false);
      await context.close();
    }
  },
});

export { expect };

/** Waits until the page is hydrated. Required before the first click on an element that needs scripts. */
export async function waitForHydration(page: Page): Promise<void> {
  await expect(page.locator("html[data-hydrated]")).toBeAttached();
}

/** Collects console messages, page errors and third-party requests. */
function collectMessages(context: BrowserContext, messages: string[]): void {
  context.on("console", (message) => messages.push(`console ${message.type()}: ${message.text()}`));
  context.on("weberror", (error) => {
    const { message } = error.error();
    // Chromium skips view transitions under load and reports each as a page error.
    if (!message.startsWith("Transition was aborted")) messages.push(`page error: ${message}`);
  });
  context.on("request", (request) => {
    const { hostname, protocol } = new URL(request.url());
    const ours = hostname === "127.0.0.1" || hostname === PLAIN_HTTP_NAME;
    if (protocol.startsWith("http") && !ours) messages.push(`third-party request: ${request.url()}`);
  });
}

/** Saves the browser's storage for the secret scan. */
async function saveStorage(context: BrowserContext, name: string, scripts: boolean): Promise<void> {
  const stored: unknown[] = [await context.storageState({ indexedDB: true })];
  for (const page of scripts ? context.pages() : []) {
    if (page.url().startsWith("http")) stored.push(page.url(), await page.evaluate(() => ({ ...sessionStorage })));
  }
  save(`${name}-storage.json`, JSON.stringify(stored));
}

function save(name: string, content: string): void {
  const folder = join(artifactsFolder(), "browsers");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name.replace(/[^\w.-]+/g, "-")), content);
}
