// One's own tokens on Account Settings: links, search, state and revoking several at once.

import { expect, test } from "../../support/story.ts";
import { GENERATE, openAccountSettings, row, signIn } from "../../support/steps.ts";

const shortForm = (token: string) => `${token.slice(0, 8)}…${token.slice(-4)}`;

test("a person with many tokens finds one, opens it, and revokes several", async ({ page, server, checkAccessibility }) => {
  const grace = await server.person("Grace Hopper", "power");
  const tokens: string[] = [];
  for (let made = 0; made < 12; made += 1) tokens.push(await server.sessionToken(grace));
  const [first, second, kept] = tokens as [string, string, string];
  await signIn(page, grace);
  await openAccountSettings(page, grace);
  await expect(page.getByRole("heading", { name: "My tokens 12 tokens" })).toBeVisible();

  await page.getByRole("link", { name: shortForm(first) }).click();
  await expect(page.getByRole("heading", { name: "All activity of this token" })).toBeVisible();
  await page.getByRole("link", { name: "Account Settings" }).first().click();

  await page.getByRole("button", { name: "Revoke selected" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "No token is selected." })).toBeVisible();
  for (const token of [first, second]) await page.getByRole("checkbox", { name: shortForm(token) }).check();
  await page.getByRole("button", { name: "Revoke selected" }).click();
  await page.getByRole("dialog", { name: "Revoke 2 tokens?" }).getByRole("button", { name: "Revoke them" }).click();
  await expect(page.getByText("2 tokens are revoked.")).toBeVisible();
  const status = async (token: string) => (await server.api(token).get("/v2/team")).status;
  expect([await status(first), await status(second), await status(kept)]).toEqual([401, 401, 200]);

  await page.getByLabel("State", { exact: true }).selectOption("Ended");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByRole("heading", { name: "My tokens 2 tokens" })).toBeVisible();
  await expect(row(page, shortForm(first))).toContainText("Revoked");
  await checkAccessibility(page);

  await page.getByRole("searchbox", { name: "Search tokens" }).fill("no such token");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByText("No token matches")).toBeVisible();
  await page.getByRole("link", { name: "Show all tokens" }).click();
  await expect(page.getByRole("button", { name: GENERATE })).toBeVisible();
  await expect(page.getByRole("heading", { name: "My tokens 12 tokens" })).toBeVisible();
});
