// What a story starts with: `import { expect, test } from "../support/story.ts"`.
//
// `server` is a running Countersign, shared with other stories, and `administrator` one of its people; `emptyServer` is
// one that nobody has set up and that no other story sees. `page` is a browser in front of `server`; `anotherBrowser`
// opens one that shares nothing with the first. Every browser is watched: one console message, page error or request to
// somebody else fails the story, unless the story said beforehand that it will come. A story runs with scripts on and
// with scripts off; one that needs scripts begins with
// `test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, "…why…")`.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test as base, type BrowserContext, type Page } from "@playwright/test";

import { expectAccessible } from "./accessibility.ts";
import { PLAIN_HTTP_NAME } from "./names.ts";
import { artifactsFolder } from "./run.ts";
import { registerSecret, Server, type Person } from "./server.ts";

interface Watch {
  context: (context: BrowserContext) => void;
}

interface PerWorker {
  server: Server;
  administrator: Person;
}

interface PerStory {
  /** Opens a browser that shares nothing with the first: another person's, or another device. */
  anotherBrowser: () => Promise<Page>;
  /** Looks for barriers on the page as it is now. With scripts off it looks at nothing: axe is itself a script. */
  checkAccessibility: (page: Page) => Promise<void>;
  /** A server over an empty database. */
  emptyServer: Server;
  /** What the browser's console may say in this story: refusals that the story provokes. */
  expectedMessages: RegExp[];
  /** Keeps a page as it is now, to be searched for secrets: call it wherever none may be seen. */
  savePage: (page: Page, when: string) => Promise<void>;
  /** Writes down a secret that the story saw, to be searched for at the end. */
  registerSecret: (secret: string) => void;
  watch: Watch;
}

/** What a browser may say in any story: a story that types before the page has wholly arrived keeps its place, which is right. */
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
    // What a page is still loading must not go missing.
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
    await use(async (page, when) => save(`${info.testId}-${info.project.name}-${when}.html`, await page.content()));
  },

  watch: async ({ expectedMessages }, use) => {
    const messages: string[] = [];
    await use({ context: (context) => collectMessages(context, messages) });
    const expected = [...harmlessMessages, ...expectedMessages];
    const unexpected = messages.filter((message) => !expected.some((pattern) => pattern.test(message)));
    expect(unexpected, "the browser had nothing to complain about").toEqual([]);
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

/** Waits until the page's scripts are hydrated, before the first click on something that needs them. */
export async function waitForHydration(page: Page): Promise<void> {
  await expect(page.locator("html[data-hydrated]")).toBeAttached();
}

/** Gathers all that a browser complains about, and all it asks of anybody but our server. */
function collectMessages(context: BrowserContext, messages: string[]): void {
  context.on("console", (message) => messages.push(`console ${message.type()}: ${message.text()}`));
  context.on("weberror", (error) => {
    const { message } = error.error();
    // Chromium leaves the fading from page to page out when it is in a hurry, and tells of it as an error of the page.
    if (!message.startsWith("Transition was aborted")) messages.push(`page error: ${message}`);
  });
  context.on("request", (request) => {
    const { hostname, protocol } = new URL(request.url());
    const ours = hostname === "127.0.0.1" || hostname === PLAIN_HTTP_NAME;
    if (protocol.startsWith("http") && !ours) messages.push(`request to somebody else: ${request.url()}`);
  });
}

/** Keeps what the browser stored, to be searched for secrets. */
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
