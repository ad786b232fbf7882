// Info: an administrator sees who changed an object, and with which token.

import type { Page } from "@playwright/test";

import { expect, test, waitForHydration } from "../../support/story.ts";
import { createDashboard, generateTokenFor, signIn, signOut } from "../../support/steps.ts";

const CHARTS = [
  { name: "Latency p99", column: 0, row: 0, width: 6, height: 1 },
  { name: "Requests", column: 6, row: 0, width: 6, height: 1 },
];

/** Opens /dashboards, filtered to the dashboard of this name. */
async function findDashboard(page: Page, name: string): Promise<void> {
  await page.goto("/dashboards");
  await page.getByRole("searchbox", { name: "Search dashboards" }).fill(name);
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByText("1 dashboard", { exact: true })).toBeVisible();
}

/** Chooses an item of the Actions menu. */
async function chooseItem(page: Page, item: string): Promise<void> {
  await page.getByRole("button", { name: "Actions" }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

test("an administrator sees who created a dashboard, the token used, and its other operations", async ({ page, server, administrator }) => {
  const grace = await server.person("Grace Hopper", "power");
  const token = await server.sessionToken(grace);
  const name = `Checkout latency ${grace.email}`;
  const id = await createDashboard(server, token, name, CHARTS);
  const dashboard = (await server.api(token).get(`/v2/dashboard/${id}`)).body as Record<string, unknown>;
  const changer = await server.person("Karen Jones", "power");
  const changed = await server
    .api(await server.sessionToken(changer))
    .put(`/v2/dashboard/${id}`, { ...dashboard, description: "The p99 is what we promise" });
  expect(changed.status).toBe(200);

  await signIn(page, administrator);
  await findDashboard(page, name);
  await expect(page.getByRole("button", { name: "Actions" })).toHaveAccessibleDescription(name);
  await chooseItem(page, "Info");
  const info = page.getByRole("dialog", { name: "Info" });
  await expect(info).toContainText(name);
  const created = info.getByRole("region", { name: "Created" });
  await expect(created.getByRole("term")).toHaveText(["Person", "Token", "Address", "Program", "Time"]);
  await expect(created).toContainText("Grace Hopper");
  await expect(created).toContainText(grace.email);
  await expect(created).toContainText(`User token from POST /v2/session · …${token.slice(-4)}`);
  await expect(created).toContainText("Live");
  await expect(created).toContainText("127.0.0.1");
  await expect(created).toContainText("node");
  await expect(created.locator("time")).toHaveAttribute("datetime", /Z$/);
  await expect(created.getByRole("link", { name: "Grace Hopper" })).toHaveAttribute("href", /^\/audit\?person=/);
  await expect(info.getByRole("region", { name: "Last updated" })).toContainText("Karen Jones");
  const events = info.getByRole("list").getByRole("listitem");
  await expect(events).toHaveText([/^Karen Jones updated/, /^Grace Hopper created/]);
  await expect(events.first()).toContainText("The p99 is what we promise");

  expect((await server.api(token).delete("/v2/session")).status).toBe(204);
  await page.reload();
  await expect(created).toContainText("Revoked");
  await created.getByRole("link", { name: token.slice(-4) }).click();
  await expect(page.getByRole("heading", { name: "All activity of this token" })).toBeVisible();
  const main = page.getByRole("main");
  await expect(main).toContainText(grace.email);
  const event = main.getByRole("listitem").filter({ hasText: "created dashboard Checkout" });
  await event.locator("summary").click();
  await expect(event.getByRole("link", { name })).toBeVisible();
  await expect(main.getByRole("listitem").filter({ hasText: "created chart" })).toHaveCount(CHARTS.length);
  await expect(main).not.toContainText(token);
});

test("Info shows a token from Account Settings, and that sign-out ended it", async ({
  page,
  server,
  administrator,
  anotherBrowser,
  javaScriptEnabled,
}) => {
  test.skip(javaScriptEnabled === false, "the token is read in place, which requires scripts");
  const grace = await server.person("Grace Hopper", "power");
  const gracePage = await anotherBrowser();
  const token = await generateTokenFor(gracePage, grace, "this week's deploys");
  const name = `Deploys ${grace.email}`;
  await createDashboard(server, token, name, CHARTS);
  await signIn(page, administrator);
  await findDashboard(page, name);
  await chooseItem(page, "Info");
  const created = page.getByRole("dialog", { name: "Info" }).getByRole("region", { name: "Created" });
  await expect(created).toContainText("Grace Hopper");
  await expect(created).toContainText(`this week's deploys · …${token.slice(-4)} · Live · User token from Account Settings`);
  await signOut(gracePage, grace);
  await page.reload();
  await expect(created).toContainText("Signed out");
  await created.getByRole("link", { name: token.slice(-4) }).click();
  await expect(page.getByRole("heading", { name: "this week's deploys", level: 1 })).toBeVisible();
});

test("Info of a deleted dashboard opens from the audit log and has its last content", async ({ page, server, administrator }) => {
  const grace = await server.person("Grace Hopper", "power");
  const credentials = { email: grace.email, password: grace.password, name: "clean-up script" };
  const issued = await server.api().post("/v2/session", credentials);
  const token = (issued.body as { accessToken: string }).accessToken;
  const name = `Deleted ${grace.email}`;
  const id = await createDashboard(server, token, name);
  expect((await server.api(token).delete(`/v2/dashboard/${id}`)).status).toBe(200);

  await signIn(page, administrator);
  await page.goto(`/audit?object=${id}`);
  const deletion = page.locator(".audit-log > li").first();
  await expect(deletion).toContainText(`clean-up script · …${token.slice(-4)}`);
  await deletion.locator("summary").click();
  await deletion.getByRole("link", { name: "Info" }).click();
  const info = page.getByRole("dialog", { name: "Info" });
  await expect(info).toContainText(name);
  for (const heading of ["Deleted", "Created", "Last updated"]) {
    const operation = info.getByRole("region", { name: heading });
    await expect(operation).toContainText(grace.email);
    await expect(operation).toContainText(`clean-up script · …${token.slice(-4)} · Live`);
  }
  await info.getByText("Last content").click();
  await expect(info.getByRole("definition").filter({ hasText: name }).first()).toBeVisible();
  await info.getByRole("link", { name: "Close" }).click();
  await expect(info).toHaveCount(0);
  await expect(page).toHaveURL(`/audit?object=${id}`);
});

test("other members see only who and when", async ({ page, server }) => {
  const grace = await server.person("Grace Hopper", "power");
  const token = await server.sessionToken(grace);
  const name = `Errors ${grace.email}`;
  await createDashboard(server, token, name);
  const reader = await server.person("Karen Jones", "power");
  await signIn(page, reader);
  await findDashboard(page, name);
  await chooseItem(page, "Info");
  const info = page.getByRole("dialog", { name: "Info" });
  await expect(info.getByRole("definition").first()).toContainText("Grace Hopper");
  await expect(info.locator("time")).toHaveCount(2);
  for (const hidden of [token.slice(-4), "User token", "127.0.0.1", "node", "History"]) {
    await expect(info, hidden).not.toContainText(hidden);
  }
  await info.getByRole("link", { name: "Close" }).click();
  await expect(info).toHaveCount(0);
});

test("Permissions lists who may read and write", async ({ page, server }) => {
  const grace = await server.person("Grace Hopper", "power");
  const name = `Permissions ${grace.email}`;
  const token = await server.sessionToken(grace);
  const id = await createDashboard(server, token, name);
  const api = server.api(token);
  await signIn(page, grace);
  await findDashboard(page, name);
  await chooseItem(page, "Permissions");
  const permissions = page.getByRole("dialog", { name: "Permissions" });
  await expect(permissions).toContainText("inherits the permissions of its group");
  await expect(permissions.getByRole("definition").first()).toContainText("All members of the organization");
  await expect(permissions.getByRole("definition").nth(1)).toContainText("All members with the role power user or administrator");

  const dashboard = (await api.get(`/v2/dashboard/${id}`)).body as Record<string, unknown>;
  const me = (await api.get("/v2/session")).body as Record<string, unknown>;
  const acl = [{ principalId: me.userId, principalType: "USER", actions: ["READ", "WRITE"] }];
  const changed = await api.put(`/v2/dashboard/${id}`, { ...dashboard, permissions: { acl, parent: null } });
  expect(changed.status, JSON.stringify(changed.body)).toBe(200);
  await page.reload();
  await expect(permissions).toContainText("has its own permissions");
  await expect(permissions.getByRole("definition").first()).toContainText("Grace Hopper");
  await expect(permissions.getByRole("definition").nth(1).getByRole("listitem")).toHaveText([`Grace Hopper (${grace.email})`]);
});

test("the Actions menu and its dialogs work with the keyboard alone", async ({ page, server, administrator, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, "without scripts the menu is a plain list of links");
  const grace = await server.person("Grace Hopper", "power");
  const name = `Keyboard ${grace.email}`;
  await createDashboard(server, await server.sessionToken(grace), name);
  await signIn(page, administrator);
  await findDashboard(page, name);
  await waitForHydration(page);
  const actions = page.getByRole("button", { name: "Actions" });
  const menu = page.getByRole("menu");
  const [info, permissions] = [menu.getByRole("menuitem", { name: "Info" }), menu.getByRole("menuitem", { name: "Permissions" })];
  const last = menu.getByRole("menuitem").last();
  await expect(actions).toHaveAttribute("aria-haspopup", "menu");
  await actions.focus();

  await page.keyboard.press("ArrowUp");
  await expect(last).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(info).toBeFocused();
  await page.keyboard.press("End");
  await expect(last).toBeFocused();
  await page.keyboard.press("Home");
  await expect(info).toBeFocused();
  await page.keyboard.press("p");
  await expect(permissions).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
  await expect(actions).toBeFocused();

  await page.keyboard.press("Enter");
  await expect(info).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(menu).toBeHidden();

  await actions.focus();
  await page.keyboard.press("ArrowDown");
  await expect(info).toBeFocused();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Info" });
  await expect(dialog).toBeVisible();
  await waitForHydration(page);
  await expect(dialog.getByRole("heading", { name: "Info" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(actions).toBeFocused();
  await page.reload();
  await expect(dialog).toHaveCount(0);
});
