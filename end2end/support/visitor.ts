// A browser that checks every page it opens: all texts are text, and the server does not fail.

import { expect, type Page } from "@playwright/test";

import { routeOf } from "./crawl.ts";
import { inspect, type MarkedTexts } from "./markup.ts";

export class Visitor {
  readonly page: Page;
  /** The routes of the pages that were opened without an error. */
  readonly routes = new Set<string>();
  /** Requests to other origins, and requests that failed on the server. */
  readonly faults: string[] = [];
  readonly #texts: MarkedTexts;
  readonly #origin: string;
  readonly #runsScripts: boolean;

  constructor(page: Page, texts: MarkedTexts, origin: string, runsScripts: boolean) {
    this.page = page;
    this.#texts = texts;
    this.#origin = origin;
    this.#runsScripts = runsScripts;
    page.context().on("request", (request) => {
      if (new URL(request.url()).origin !== origin) this.faults.push(`request to ${request.url()}`);
    });
    page.context().on("response", (response) => {
      if (response.status() >= 500) this.faults.push(`${response.status()} from ${response.url()}`);
    });
  }

  /** Opens a page, checks it and returns its links. */
  async open(address: string | URL): Promise<URL[]> {
    const { href, pathname } = new URL(address, this.#origin);
    const response = await this.page.goto(href);
    if (!response?.ok()) return this.check();
    // The start page has no content of its own: it redirects.
    if (pathname === "/") this.routes.add(pathname);
    return this.arrive();
  }

  /** Checks the page that a link or a form has led to, and returns its links. */
  async arrive(): Promise<URL[]> {
    const route = routeOf(new URL(this.page.url()).pathname);
    if (route) this.routes.add(route);
    return this.check();
  }

  /** Checks the current page and returns its links. */
  async check(): Promise<URL[]> {
    const isHydrated = this.#runsScripts && (await this.page.locator("script[type=module]").count()) > 0;
    if (isHydrated) await this.page.locator("html[data-hydrated]").waitFor({ state: "attached" });
    const { faults, text, links } = await inspect(this.page);
    expect(faults, this.page.url()).toEqual([]);
    const isSignedIn = (await this.page.locator('form[action="/ui/sign-out"]').count()) > 0;
    const withoutToken = this.page.locator('form[method="post"]:not(:has(input[name="formToken"]))');
    if (isSignedIn) await expect(withoutToken, this.page.url()).toHaveCount(0);
    this.#texts.see(text);
    return links.map((link) => new URL(link));
  }
}
