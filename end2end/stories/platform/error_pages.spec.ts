// Error pages: what a user sees when the server cannot render the page. They show the request id and a link onward.

import type { Page, Response } from "@playwright/test";

import { expect, test as story } from "../../support/story.ts";
import { openAccountSettings, openProfile, signIn } from "../../support/steps.ts";
import { Server } from "../../support/server.ts";
import { DatabaseProxy } from "../../support/database_proxy.ts";

const DARK = "rgb(20, 23, 26)";

interface ErrorPage {
  status: number;
  title: string;
  words: string;
}

/** Checks the parts that all error pages share. */
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

/** Runs against a server whose database connection can be interrupted. */
const outageTest = story.extend<{ databaseProxy: DatabaseProxy; proxiedServer: Server }>({
  databaseProxy: async ({ javaScriptEnabled }, use, info) => {
    info.skip(javaScriptEnabled === false, "error pages contain no scripts, and the test database is shared");
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

outageTest("during a database outage, pages and forms show an error page that links back", async ({
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
  const expected = { status: 503, title: "Temporarily unavailable", words: "The server cannot use its database at the moment. Please try again." };
  // Depending on the session cache, the error appears inside or outside the page's layout.
  await expect(async () => {
    const response = await page.goto("/teams?q=checkout");
    await expectErrorPage(page, response!, expected);
  }).toPass({ timeout: 30_000 });
  await expect(page.locator("html")).toHaveCSS("background-color", DARK);
  const again = page.getByRole("link", { name: "Try again" });
  await page.keyboard.press("Tab");
  await expect(again).toBeFocused();
  await checkAccessibility(page);

  // After a form there is no retry link, because the operation may have been done.
  const failure = other.waitForResponse((response) => response.request().isNavigationRequest() && response.status() === 503);
  await other.getByRole("button", { name: "Sign out", exact: true }).click();
  await expectErrorPage(other, await failure, { ...expected, words: "Go back and check whether it was done before you try again." });
  await expect(other.getByRole("link", { name: "Try again" })).toHaveCount(0);
  await checkAccessibility(other);

  databaseProxy.restore();
  await expect(async () => {
    await again.click();
    await expect(page.getByRole("heading", { name: "Teams", level: 1 })).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await expect(page).toHaveURL(/\/teams\?q=checkout$/);
});

/** Runs against a server whose database files can be corrupted. */
const corruptionTest = story.extend<{ corruptServer: Server }>({
  corruptServer: async ({}, use, info) => {
    const server = await Server.start(`${info.testId}-${info.project.name}`);
    await use(server);
    // The server cannot write its buffered data on shutdown, so it exits with 1.
    await server.stop(1);
  },
  baseURL: async ({ corruptServer }, use) => use(corruptServer.baseURL),
});

corruptionTest("an internal error shows an error page with the request id", async ({ page, corruptServer, checkAccessibility, expectedMessages }) => {
  expectedMessages.push(/status of 500/);
  const grace = await corruptServer.person("Grace Hopper", "power");
  await signIn(page, grace);
  // A write by another process invalidates the server's page cache before the files are corrupted.
  await corruptServer.person("Karen Jones");
  corruptServer.corruptDatabaseFiles();
  const response = await page.goto("/teams");
  const words = "The operator of this server finds the reason in its log, by the request id.";
  await expectErrorPage(page, response!, { status: 500, title: "Something went wrong", words });
  await expect(page.getByRole("link", { name: "Try again" })).toHaveAttribute("href", "/teams");
  await expect(page.getByRole("main")).not.toContainText(/malformed|database|X-Request-Id/);
  await checkAccessibility(page);
});
