// The organization: members, invitations, roles, disabling, removal, and custom metric categories.

import type { Page } from "@playwright/test";

import { expect, test } from "../../support/story.ts";
import { chooseAction, fillSignIn, row, signIn, signOut } from "../../support/steps.ts";

async function openOrganization(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Organization" }).click();
  await expect(page.getByRole("link", { name: "Members", exact: true })).toHaveAttribute("aria-current", "page");
}

test("an invited person accepts with the link and has the chosen roles", async ({ page, server, administrator, anotherBrowser, registerSecret }) => {
  const email = `new.${Math.random().toString(36).slice(2)}@example.com`;
  const password = "an unguessable password";
  registerSecret(password);
  await signIn(page, administrator);
  await openOrganization(page);
  await page.getByRole("link", { name: "Invite member" }).click();
  await page.getByLabel("Email").fill(administrator.email);
  await page.getByLabel("Name (optional)").fill("Katherine Johnson");
  await page.getByLabel("Power user").uncheck();
  await page.getByLabel("Usage reader").check();
  await page.getByRole("button", { name: "Create invitation" }).click();
  await expect(page.getByLabel("Email")).toHaveAccessibleDescription(/exists already/);
  await expect(page.getByLabel("Name (optional)")).toHaveValue("Katherine Johnson");
  await expect(page.getByLabel("Usage reader")).toBeChecked();
  await expect(page.getByLabel("Power user")).not.toBeChecked();
  await page.getByLabel("Email").fill(email);
  await page.getByRole("button", { name: "Create invitation" }).click();
  await expect(page.getByRole("status").first()).toContainText(`${email} is invited.`);
  const link = await page.getByRole("textbox", { name: "Invitation link" }).inputValue();
  expect(link).toContain(`${server.baseURL}/invitation?claim=`);
  registerSecret(new URL(link).searchParams.get("claim")!);
  await page.reload();
  await expect(page.getByText("This link cannot be seen again")).toBeVisible();
  await page.getByRole("link", { name: "Back to the invitations" }).click();
  await expect(row(page, email)).toContainText("Usage reader");

  const other = await anotherBrowser();
  await other.goto(link);
  await other.getByLabel("Password").fill(password);
  await other.getByRole("button", { name: "Accept" }).click();
  await fillSignIn(other, { email, password });
  await expect(other.getByRole("heading", { name: "Dashboards", level: 1 })).toBeVisible();
  await page.reload();
  await expect(row(page, email)).toHaveCount(0);
  await page.getByRole("link", { name: "Members", exact: true }).click();
  await page.getByRole("searchbox").fill(email);
  await page.getByRole("button", { name: "Search" }).click();
  await expect(row(page, "Katherine Johnson")).toContainText("Usage reader");
});

test("the link of a withdrawn invitation is invalid", async ({ page, server, administrator }) => {
  const email = `withdrawn.${Math.random().toString(36).slice(2)}@example.com`;
  const api = server.api(await server.sessionToken(administrator));
  const invited = (await api.post("/v2/organization/member", { email })).body as { inviteUrl: string };
  await signIn(page, administrator);
  await page.goto("/organization/invitations");
  await row(page, email).getByRole("button", { name: "Withdraw" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Withdraw" }).click();
  await expect(page.getByRole("status").first()).toContainText("The invitation is withdrawn.");
  await expect(row(page, email)).toHaveCount(0);
  await page.goto(invited.inviteUrl);
  await expect(page.getByText("This invitation is no longer valid")).toBeVisible();
});

test("a member's roles are changed, and they are disabled, enabled, signed out and removed", async ({ page, server, administrator, anotherBrowser, savePage }) => {
  const grace = await server.person("Grace Hopper", "power");
  const token = await server.sessionToken(grace);
  const currentStatus = async () => (await server.api(token).get("/v2/team")).status;
  const other = await anotherBrowser();
  await signIn(other, grace);
  await signIn(page, administrator);
  await page.goto(`/organization?q=${encodeURIComponent(grace.email)}`);
  await page.getByRole("link", { name: "Grace Hopper" }).click();
  await expect(page.getByRole("heading", { name: "Grace Hopper", level: 1 })).toBeVisible();
  await expect(page.getByRole("region", { name: /Live tokens/ })).toContainText("1 token");
  await expect(page.getByRole("region", { name: "Signed-in browsers" })).toContainText("127.0.0.1");
  await savePage(page, "member");

  await page.getByLabel("Power user").uncheck();
  await page.getByRole("button", { name: "Save roles" }).click();
  await expect(page.getByRole("group", { name: "Permissions of the member" })).toHaveAccessibleDescription(/Choose at least one\./);
  await expect(page.getByLabel("Power user")).not.toBeChecked();
  await page.getByLabel("Reader", { exact: true }).check();
  await page.getByRole("button", { name: "Save roles" }).click();
  await expect(page.getByRole("status").first()).toContainText("The roles are saved.");
  expect((await server.api(token).post("/v2/dashboard", { name: "denied" })).status).toBe(403);

  await chooseAction(page, "Grace Hopper", "Disable");
  await expect(page.getByRole("dialog")).toContainText("They have 1 token that has not ended and 1 signed-in browser.");
  await page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
  await expect(page.getByRole("status").first()).toContainText("The member is disabled.");
  expect(await currentStatus()).toBe(401);
  await other.goto("/dashboards");
  await expect(other.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await chooseAction(page, "Grace Hopper", "Enable");
  await page.getByRole("dialog").getByRole("button", { name: "Enable" }).click();
  await expect(page.getByRole("status").first()).toContainText("The member is enabled.");
  expect(await currentStatus()).toBe(200);

  await chooseAction(page, "Grace Hopper", "Sign out everywhere");
  await page.getByRole("dialog").getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("status").first()).toContainText("The member was signed out everywhere");
  expect(await currentStatus()).toBe(401);
  await chooseAction(page, "Grace Hopper", "Remove");
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("status").first()).toContainText("The member was removed from the organization.");
  await page.goto(`/organization?q=${encodeURIComponent(grace.email)}`);
  await expect(page.getByText("No member matches")).toBeVisible();
});

test("a member who failed to sign in too often is unlocked", async ({ page, emptyServer, anotherBrowser, expectedMessages }) => {
  expectedMessages.push(/status of 429/);
  const ada = await emptyServer.person("Ada Admin", "admin");
  const grace = await emptyServer.person("Grace Hopper", "power");
  const session = () => emptyServer.api().post("/v2/session", { email: grace.email, password: "certainly not this one" });
  for (let attempt = 0; attempt < 10; attempt++) expect((await session()).status).toBe(401);
  expect((await session()).status).toBe(429);
  const other = await anotherBrowser();
  await other.goto(`${emptyServer.baseURL}/signin`);
  await fillSignIn(other, grace);
  await expect(other.getByRole("alert")).toContainText("10 sign-ins of this account from this network failed within 15 minutes.");

  await page.goto(`${emptyServer.baseURL}/signin`);
  await fillSignIn(page, ada);
  await openOrganization(page);
  await page.getByRole("link", { name: "Grace Hopper" }).click();
  await chooseAction(page, "Grace Hopper", "Unlock");
  await page.getByRole("dialog").getByRole("button", { name: "Unlock" }).click();
  await expect(page.getByRole("status").first()).toContainText("The failed sign-ins of the member are deleted.");
  await fillSignIn(other, grace);
  await expect(other.getByRole("heading", { name: "Dashboards", level: 1 })).toBeVisible();
});

test("the page of a member lists the secrets that they have read, to rotate them", async ({ page, server, administrator }) => {
  const grace = await server.person("Grace Hopper", "power");
  const api = server.api(await server.sessionToken(administrator));
  const { userId } = ((await api.get(`/v2/organization/member?query=email:${grace.email}`)).body as { results: { userId: string }[] }).results[0]!;
  const acl = [{ principalId: userId, principalType: "USER", actions: ["READ"] }];
  const name = `collector of ${grace.email}`;
  expect((await api.post("/v2/token", { name, permissions: { acl } })).status).toBe(200);
  await signIn(page, administrator);
  await page.goto(`/organization/members/${userId}`);
  const secrets = page.getByRole("region", { name: "Secrets read by this member" });
  await expect(secrets).toContainText("The audit log has no event");
  const read = await server.api(await server.sessionToken(grace)).get(`/v2/token/${encodeURIComponent(name)}`);
  expect((read.body as { secret: string }).secret).toMatch(/^cso_/);
  await page.reload();
  await expect(secrets.getByRole("row", { name })).toBeVisible();
  await chooseAction(page, "Grace Hopper", "Disable");
  await expect(page.getByRole("dialog")).toContainText("They have read the secret of an access token, which still works: rotate it, too.");
  await page.goto(`/organization/members/${userId}`);
  await secrets.getByRole("link", { name: "Rotate" }).click();
  await page.getByLabel("The old secret keeps working for").selectOption("0");
  await page.getByRole("dialog").getByRole("button", { name: "Rotate" }).click();
  await expect(page.getByRole("status").first()).toContainText("The token has a new secret.");
  await page.goto(`/organization/members/${userId}`);
  await expect(secrets).toContainText("The audit log has no event");
});

test("the last administrator cannot be removed, and other members are denied", async ({ page, emptyServer, expectedMessages }) => {
  expectedMessages.push(/status of 403/);
  const ada = await emptyServer.person("Ada Admin", "admin");
  const karen = await emptyServer.person("Karen Jones", "read_only");
  await page.goto(`${emptyServer.baseURL}/signin`);
  await fillSignIn(page, ada);
  await openOrganization(page);
  await page.getByLabel("Role").selectOption("Administrator");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByText("1 member", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Ada Admin" }).click();
  await chooseAction(page, "Ada Admin", "Remove");
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("alert")).toContainText("The last administrator cannot be removed.");
  await page.goto(`${emptyServer.baseURL}/dashboards`);
  await signOut(page, ada);
  await fillSignIn(page, karen);
  await openOrganization(page);
  await expect(page.getByRole("alert")).toContainText("Only administrators can see the members and their roles");
  await expect(page.getByRole("link", { name: "Invite member" })).toHaveCount(0);
});

test("custom categories are created, changed and deleted", async ({ page, emptyServer }) => {
  const ada = await emptyServer.person("Ada Admin", "admin");
  const grace = await emptyServer.person("Grace Hopper", "power");
  await page.goto(`${emptyServer.baseURL}/signin`);
  await fillSignIn(page, ada);
  await openOrganization(page);
  await page.getByRole("link", { name: "Custom categories" }).click();
  await expect(page.getByText("No custom categories yet")).toBeVisible();
  await page.getByLabel("Name").fill("Checkout");
  await page.getByLabel("Description (optional)").fill('What "customers" pay with');
  await page.getByRole("button", { name: "Create category" }).click();
  await expect(page.getByLabel("Description (optional)")).toHaveValue('What "customers" pay with');
  await page.getByLabel("Description (optional)").fill("What customers pay with");
  await page.getByRole("button", { name: "Create category" }).click();
  await expect(row(page, "Checkout")).toContainText("What customers pay with");
  await chooseAction(page, "Checkout", "Edit");
  await page.getByLabel("Name").fill("Payments");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(row(page, "Payments")).toContainText("What customers pay with");
  await expect(row(page, "Checkout")).toHaveCount(0);
  await chooseAction(page, "Payments", "Delete");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("No custom categories yet")).toBeVisible();
  await signOut(page, ada);
  await fillSignIn(page, grace);
  await page.goto(`${emptyServer.baseURL}/organization/categories`);
  await expect(page.getByText("Administrators create and edit categories.")).toBeVisible();
});
