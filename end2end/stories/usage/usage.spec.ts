// API call counts: by user and over time, filtered by links and fields.

import type { Page } from "@playwright/test";

import { expect, test } from "../../support/story.ts";
import { signIn } from "../../support/steps.ts";

/** The table rows that contain this text. */
const row = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text });

test("an administrator sees API calls by user and filters by one user", async ({ page, server, administrator }) => {
  const grace = await server.person("Grace Hopper", "power");
  const token = await server.sessionToken(grace);
  for (let call = 0; call < 3; call += 1) expect((await server.api(token).get("/v2/team")).status).toBe(200);
  expect((await server.api(token).get("/v2/organization")).status).toBe(403);
  expect((await server.api("garbage").get("/v2/team")).status).toBe(401);
  await signIn(page, administrator);
  await page.goto("/usage");
  await expect(page.getByRole("heading", { name: "API calls by user" })).toBeVisible();
  await expect(row(page, "Unknown user")).toContainText("sign-ins and unknown tokens");
  await row(page, grace.email).getByRole("link", { name: "Grace Hopper" }).click();
  await expect(page).toHaveURL(/person=/);
  await expect(page.getByRole("heading", { name: "API calls by token" })).toBeVisible();
  await expect(row(page, "GET /v2/team")).toContainText("3");
  await expect(row(page, "4xx")).toContainText("rejected");
  const calls = row(page, "User token from POST /v2/session").getByRole("link", { name: "4", exact: true });
  await expect(calls).toHaveAttribute("href", /^\/audit\?what=calls&person=[^&]+&token=[^&]+&from=\d+&to=\d+$/);
  await page.getByLabel("Status").selectOption("Rejected (4xx)");
  await page.getByLabel("Time").selectOption("Last 7 days");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/range=week.*person=|person=.*range=week/);
  await expect(row(page, "GET /v2/organization")).toHaveCount(1);
  await expect(row(page, "GET /v2/team")).toHaveCount(0);
  await page.getByRole("link", { name: "Remove the filter by user" }).click();
  await expect(page).not.toHaveURL(/person=/);
  await expect(page.getByRole("heading", { name: "API calls by user" })).toBeVisible();
});

test("a bar links to its calls, and its numbers are in a table", async ({ page, server, administrator }) => {
  const grace = await server.person("Grace Hopper", "power");
  const token = await server.sessionToken(grace);
  expect((await server.api(token).get("/v2/team")).status).toBe(200);
  await signIn(page, administrator);
  await page.goto("/usage?range=day");
  const picture = page.getByRole("group", { name: "API calls by user" });
  await expect(picture.getByRole("link")).toHaveCount(24);
  await picture.getByRole("link", { name: /UTC: [1-9]/ }).last().click();
  await expect(page).toHaveURL(/from=\d+&to=\d+/);
  await expect(page.getByLabel("Time")).toContainText(/\d{1,2} \w{3}, \d\d:00 to (\d{1,2} \w{3}, )?\d\d:00/);
  await expect(picture.getByRole("link")).toHaveCount(60);
  await page.getByText("Show as a table").click();
  await expect(page.getByRole("columnheader", { name: "Grace Hopper" }).first()).toBeVisible();
});

test("a member who is not an administrator sees only their own calls", async ({ page, server }) => {
  const [grace, karen] = [await server.person("Grace Hopper", "power"), await server.person("Karen Spärck Jones", "read_only")];
  for (const person of [grace, karen]) {
    expect((await server.api(await server.sessionToken(person)).get("/v2/team")).status).toBe(200);
  }
  await signIn(page, karen);
  await page.goto("/usage");
  await expect(page.getByRole("heading", { name: "API calls by token" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "By user" })).toHaveCount(0);
  await expect(row(page, "GET /v2/team")).toContainText("100 %");
  await expect(page.getByText(grace.email)).toHaveCount(0);
  await expect(page.locator('main a[href^="/audit"]')).toHaveCount(0);
});

test("a usage reader sees the calls of all users, and no link that would be denied", async ({ page, server }) => {
  const [grace, lin] = [await server.person("Grace Hopper", "power"), await server.person("Lin Reader", "usage")];
  // The table has the users with the most calls.
  const api = server.api(await server.sessionToken(grace));
  for (let call = 0; call < 20; call += 1) expect((await api.get("/v2/team")).status).toBe(200);
  await signIn(page, lin);
  await page.goto("/usage");
  await expect(page.getByText("Every API call is counted by the user and the token that made it.")).toBeVisible();
  const userRow = page.getByRole("row").filter({ hasText: grace.email });
  await userRow.getByRole("link", { name: grace.name }).click();
  await expect(page).toHaveURL(/person=/);
  const tokenLink = page.locator('main a[href*="token="]').first();
  await tokenLink.click();
  await expect(page).toHaveURL(/token=/);
  await expect(page.locator(".chips")).toContainText(grace.name);
  for (const href of await page.locator("main a").evaluateAll((links) => links.map((link) => link.getAttribute("href")!))) {
    expect((await page.request.get(href)).status(), href).toBe(200);
  }
});

test("a page without calls explains the next step", async ({ page, server, expectedMessages }) => {
  expectedMessages.push(/status of 403/, /status of 404/);
  const [grace, karen] = [await server.person("Grace Hopper", "power"), await server.person("Karen Spärck Jones", "read_only")];
  await signIn(page, karen);
  await page.goto("/usage");
  await expect(page.getByText("No calls in this time")).toBeVisible();
  await page.getByRole("link", { name: "Show the last 30 days" }).click();
  await page.getByRole("main").getByRole("link", { name: "Account Settings" }).click();
  await expect(page.getByRole("heading", { name: "Account Settings" })).toBeVisible();
  const { userId } = (await server.api(await server.sessionToken(grace)).get("/v2/session")).body as { userId: string };
  await page.goto(`/usage?person=${userId}`);
  await expect(page.getByRole("alert")).toContainText("Only administrators and users with the role usage see the usage of others.");
});
