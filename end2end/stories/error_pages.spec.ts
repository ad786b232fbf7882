// Where no page could be made, there is one all the same: it says so, with the number of the request, and leads on.

import type { Page, Response } from "@playwright/test";

import { expect, test as story } from "../support/story.ts";
import { openAccountSettings, openProfile, signIn } from "../support/steps.ts";
import { Server } from "../support/server.ts";
import { DatabaseProxy } from "../support/database_proxy.ts";

const DARK = "rgb(20, 23, 26)";

interface ErrorPage {
  status: number;
  title: string;
  words: string;
}

/** What stands on such a page, whatever went wrong. */
async function expectErrorPage(page: Page, response: Response, { status, title, words }: ErrorPage): Promise<void> {
  expect(response.status()).toBe(status);
  expect(response.headers()["retry-after"]).toBe(status === 503 ? "1" : undefined);
  await expect(page).toHaveTitle(`${title} · Countersign`);
  const main = page.getByRole("main");
  await expect(page.getByRole("heading")).toHaveText([title]);
  await expect(main).toContainText(words);
  await expect(main.locator("code")).toHaveText(response.headers()["x-request-id"]!);
  await expect(main.getByRole("link", { name: "Go to the start page" })).toHaveAttribute("href", "/");
}

/** A server whose database can be cut off. */
const outageTest = story.extend<{ databaseProxy: DatabaseProxy; proxiedServer: Server }>({
  databaseProxy: async ({ javaScriptEnabled }, use, info) => {
    info.skip(javaScriptEnabled === false, "such a page has no script, and there is one database for it");
    const databaseProxy = await DatabaseProxy.open();
    await use(databaseProxy);
    databaseProxy.close();
  },
  proxiedServer: async ({ databaseProxy }, use, info) => {
    const server = await Server.start(`postgres-${info.testId}`, databaseProxy.url);
    await use(server);
    databaseProxy.restore();
    await server.stop();
  },
  baseURL: async ({ proxiedServer }, use) => use(proxiedServer.baseURL),
});

outageTest("while the database is away, pages and forms say so, and lead back", async ({
  page,
  databaseProxy,
  proxiedServer,
  anotherBrowser,
  checkAccessibility,
  expectedMessages,
}) => {
  expectedMessages.push(/status of 503/);
  const grace = await proxiedServer.person("Grace Hopper", "power");
  await signIn(page, grace);
  await openAccountSettings(page, grace);
  await page.getByRole("group", { name: "Theme" }).getByRole("button", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveCSS("background-color", DARK);
  const other = await anotherBrowser();
  await signIn(other, grace);
  await openProfile(other, grace);

  databaseProxy.interrupt();
  const expected = { status: 503, title: "Not right now", words: "The server cannot reach its database. Please try again." };
  // Who is signed in is remembered for some seconds; then the page itself says it, in its frame or out of it.
  await expect(async () => {
    const response = await page.goto("/teams?q=checkout");
    await expectErrorPage(page, response!, expected);
  }).toPass({ timeout: 30_000 });
  await expect(page.locator("html")).toHaveCSS("background-color", DARK);
  const again = page.getByRole("link", { name: "Try again" });
  await page.keyboard.press("Tab");
  await expect(again).toBeFocused();
  await checkAccessibility(page);

  // A form: nobody shall do it twice unawares.
  const failure = other.waitForResponse((response) => response.request().isNavigationRequest() && response.status() === 503);
  await other.getByRole("button", { name: "Sign out", exact: true }).click();
  await expectErrorPage(other, await failure, { ...expected, words: "Go back and look whether it was done before you do it again." });
  await expect(other.getByRole("link", { name: "Try again" })).toHaveCount(0);
  await checkAccessibility(other);

  databaseProxy.restore();
  await expect(async () => {
    await again.click();
    await expect(page.getByRole("heading", { name: "Teams", level: 1 })).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await expect(page).toHaveURL(/\/teams\?q=checkout$/);
});

/** A server whose database's files can be spoilt. */
const corruptionTest = story.extend<{ corruptServer: Server }>({
  corruptServer: async ({}, use, info) => {
    const server = await Server.start(`${info.testId}-${info.project.name}`);
    await use(server);
    // It cannot write down what it still holds, and says so.
    await server.stop(1);
  },
  baseURL: async ({ corruptServer }, use) => use(corruptServer.baseURL),
});

corruptionTest("what the server cannot explain is a page too, which tells its number", async ({ page, corruptServer, checkAccessibility, expectedMessages }) => {
  expectedMessages.push(/status of 500/);
  const grace = await corruptServer.person("Grace Hopper", "power");
  await signIn(page, grace);
  // Another program writes, so that nothing of the files is remembered; then they are gone.
  await corruptServer.person("Karen Jones");
  corruptServer.corruptDatabaseFiles();
  const response = await page.goto("/teams");
  const words = "Whoever runs this server finds the reason in its log, by the number of the request.";
  await expectErrorPage(page, response!, { status: 500, title: "That did not work", words });
  await expect(page.getByRole("link", { name: "Try again" })).toHaveAttribute("href", "/teams");
  await expect(page.getByRole("main")).not.toContainText(/malformed|database|X-Request-Id/);
  await checkAccessibility(page);
});
