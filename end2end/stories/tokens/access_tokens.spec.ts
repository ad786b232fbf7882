// Access tokens of the organization: issue, show the secret, rotate with an overlap, disable, delete, and permissions.

import type { Locator, Page } from "@playwright/test";

import type { Server } from "../../support/server.ts";
import { registerSecret } from "../../support/server.ts";
import { expect, test } from "../../support/story.ts";
import { chooseAction, expectAbsent, row, signIn } from "../../support/steps.ts";
import { waitForHydration } from "../../support/story.ts";

const SECRET = /^cso_[0-9A-Za-z]{36}$/;

const field = (page: Page): Locator => page.getByRole("textbox", { name: "Secret of the access token" });

/** Reveals the secret of the token on this page, hides it again and returns it. */
async function secretOf(page: Page, scripts: boolean): Promise<string> {
  const here = page.url();
  if (scripts) await waitForHydration(page);
  await page.getByRole("button", { name: "Show secret" }).click();
  if (!scripts) await page.getByText("Show secret", { exact: true }).click();
  await expect(field(page)).toHaveValue(SECRET);
  const secret = await field(page).inputValue();
  registerSecret(secret);
  if (scripts) {
    await page.getByRole("button", { name: "Hide", exact: true }).click();
    await expectAbsent(page, secret);
  } else {
    await page.goto(here);
  }
  return secret;
}

/** The status of an API call with this secret. */
const statusFor = async (server: Server, secret: string) => (await server.api(secret).get("/v2/team")).status;

/** Issues a token through the API and returns the path of its page. */
async function createAccessToken(server: Server, token: string, document: Record<string, unknown>): Promise<string> {
  const { status, body } = await server.api(token).post("/v2/token", document);
  expect(status, JSON.stringify(body)).toBe(200);
  return `/access-tokens/${(body as { id: string }).id}`;
}

test("an access token is issued, used, rotated, disabled and deleted", async ({ page, server, administrator, javaScriptEnabled, savePage }) => {
  const scripts = javaScriptEnabled !== false;
  const name = `deploy ${(await server.person("Grace Hopper", "power")).email}`;
  await signIn(page, administrator);
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Access tokens" }).click();
  await page.getByRole("link", { name: "New access token" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Sending data", { exact: true }).uncheck();
  await page.getByLabel("Calling the API").check();
  await page.getByLabel("Days until it expires").fill("90");
  await page.getByRole("button", { name: "Create access token" }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  await expect(page.getByRole("status").first()).toContainText("The token is created.");
  await expect(page.getByText("Calls the API as power user")).toBeVisible();
  await savePage(page, "access-token");

  const first = await secretOf(page, scripts);
  await expect(page.getByText("Last used: Never")).toBeVisible();
  expect(await statusFor(server, first)).toBe(200);
  await page.reload();
  await expect(page.getByText(/Last used: \d.* 127\.0\.0\.1/)).toBeVisible();
  await chooseAction(page, name, "Rotate");
  await page.getByLabel("The old secret keeps working for").selectOption("One hour");
  await page.getByRole("dialog").getByRole("button", { name: "Rotate" }).click();
  await expect(page.getByRole("status").first()).toContainText("the old one still works for a while");
  await expect(page.getByRole("heading", { name: "Versions" })).toBeVisible();
  await expect(row(page, `cso_…${first.slice(-4)}`)).toContainText("Previous");
  const second = await secretOf(page, scripts);
  expect(second).not.toBe(first);
  await page.reload();
  await expect(row(page, `cso_…${first.slice(-4)}`)).toContainText("127.0.0.1");
  await expect(row(page, `cso_…${second.slice(-4)}`)).toContainText("Never");
  expect([await statusFor(server, first), await statusFor(server, second)]).toEqual([200, 200]);
  await page.reload();
  await expect(row(page, `cso_…${second.slice(-4)}`)).toContainText("127.0.0.1");
  await chooseAction(page, name, "Rotate");
  await page.getByLabel("The old secret keeps working for").selectOption({ index: 0 });
  await page.getByRole("dialog").getByRole("button", { name: "Rotate" }).click();
  await expect(page.getByRole("status").first()).toContainText("The old one no longer works");
  const third = await secretOf(page, scripts);
  expect([await statusFor(server, second), await statusFor(server, third)]).toEqual([401, 200]);

  await chooseAction(page, name, "Disable");
  await page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
  await expect(page.getByText("Disabled", { exact: true })).toBeVisible();
  expect(await statusFor(server, third)).toBe(401);
  await chooseAction(page, name, "Enable");
  await page.getByRole("dialog").getByRole("button", { name: "Enable" }).click();
  await expect(page.getByRole("status").first()).toContainText("The token is enabled.");
  expect(await statusFor(server, third)).toBe(200);

  await chooseAction(page, name, "Info");
  await expect(page.getByRole("dialog")).toContainText("rotated");
  await page.getByRole("dialog").getByRole("link", { name: "Close" }).click();
  await chooseAction(page, name, "Delete");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("status").first()).toContainText(`The token ${name} is deleted.`);
  expect(await statusFor(server, third)).toBe(401);
  await savePage(page, "access-tokens");
});

test("a secret is in the page only while it is shown, and can be copied", async ({ page, server, administrator, context, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, "copying requires scripts");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const name = `copied ${(await server.person("Grace Hopper", "power")).email}`;
  const token = await server.sessionToken(administrator);
  const path = await createAccessToken(server, token, { name, authScopes: ["API"] });
  await signIn(page, administrator);
  await page.goto(path);
  const secret = await secretOf(page, true);
  await page.getByRole("button", { name: "Copy" }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
  await expectAbsent(page, secret);
  await page.getByRole("button", { name: "Show secret" }).click();
  await expect(field(page)).toHaveValue(secret);
  await page.keyboard.press("Escape");
  await expectAbsent(page, secret);
  await page.reload();
  await expectAbsent(page, secret);
});

test("a rejected access token form keeps all input", async ({ page, server, administrator }) => {
  const grace = await server.person("Grace Hopper", "power");
  await signIn(page, administrator);
  await page.goto("/access-tokens/new");
  await page.getByLabel("Name").fill(`kept ${grace.email}`);
  await page.getByLabel("Sending data from browsers").check();
  await page.getByLabel("Role on the API").selectOption("Reader");
  await page.getByLabel("These people and teams", { exact: true }).check();
  await page.getByLabel("These people and teams (optional)").fill(`${grace.email}\nNo such team`);
  await page.getByText("Limits (optional)").click();
  await page.getByLabel("Hosts", { exact: true }).fill("20");
  await page.getByRole("button", { name: "Create access token" }).click();
  const readers = page.getByLabel("These people and teams (optional)");
  await expect(readers).toHaveAccessibleDescription(/^No member or team is called No such team\./);
  await expect(readers).toHaveValue(`${grace.email}\nNo such team`);
  await expect(page.getByLabel("Sending data", { exact: true })).toBeChecked();
  await expect(page.getByLabel("Sending data from browsers")).toBeChecked();
  await expect(page.getByLabel("Role on the API")).toHaveValue("read_only");
  await expect(page.getByLabel("Hosts", { exact: true })).toHaveValue("20");
  await readers.fill(grace.email);
  await page.getByRole("button", { name: "Create access token" }).click();
  await expect(page.getByRole("group", { name: "For" })).toHaveAccessibleDescription(/RUM stands alone\./);
  await page.getByLabel("Sending data from browsers").uncheck();
  await page.getByRole("button", { name: "Create access token" }).click();
  await expect(page.getByText("Grace Hopper", { exact: false })).toBeVisible();
  await expect(page.getByText("Hosts")).toBeVisible();
  await chooseAction(page, `kept ${grace.email}`, "Edit");
  await expect(page.getByLabel("These people and teams (optional)")).toHaveValue(grace.email);
  await page.getByLabel("Administrators only").check();
  await page.getByLabel("Hosts", { exact: true }).fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Administrators only")).toBeVisible();
  await expect(page.getByText("Hosts")).toHaveCount(0);
});

test("a member sees only the tokens that list them, limited by their role", async ({ page, server, administrator, anotherBrowser, javaScriptEnabled, expectedMessages }) => {
  expectedMessages.push(/status of 404/, /status of 403/);
  const grace = await server.person("Grace Hopper", "power");
  const karen = await server.person("Karen Jones", "read_only");
  const token = await server.sessionToken(administrator);
  const { id: graceId } = ((await server.api(token).get(`/v2/organization/member?query=email:${grace.email}`)).body as { results: { id: string }[] }).results[0]!;
  const { id: karenId } = ((await server.api(token).get(`/v2/organization/member?query=email:${karen.email}`)).body as { results: { id: string }[] }).results[0]!;
  const acl = [graceId, karenId].map((principalId) => ({ principalId, principalType: "USER", actions: ["READ"] }));
  const name = `shared with ${grace.email}`;
  const shared = await createAccessToken(server, token, { name, authScopes: ["API"], permissions: { acl } });
  const closed = await createAccessToken(server, token, { name: `not with ${grace.email}`, authScopes: ["API"] });

  await signIn(page, grace);
  await page.goto("/access-tokens");
  await expect(page.getByText("Administrators create access tokens.")).toBeVisible();
  await expect(page.getByText("1 access token", { exact: true })).toBeVisible();
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByRole("button", { name: "Actions" }).click();
  await expect(page.getByRole("menuitem")).toHaveText(["Info"]);
  await page.keyboard.press("Escape");
  expect(await statusFor(server, await secretOf(page, javaScriptEnabled !== false))).toBe(200);
  expect((await page.goto(closed))?.status()).toBe(404);

  const other = await anotherBrowser();
  await signIn(other, karen);
  await other.goto(shared);
  await expect(other.getByText("Secrets are shown to power users and administrators.")).toBeVisible();
  await expect(other.getByRole("button", { name: "Show secret" })).toHaveCount(0);
  expect((await other.goto(`${shared}/secret`))?.status()).toBe(403);
});
