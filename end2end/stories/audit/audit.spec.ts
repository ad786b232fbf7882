// The audit log: filters in the URL, paging, export, and links from an object to its token and its user.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

import type { Page } from "@playwright/test";

import { expect, test } from "../../support/story.ts";
import { chooseAction, createDashboard, signIn } from "../../support/steps.ts";

/** The request body that creates a chart of this name. */
const chart = (name: string) => ({ name, programText: "data('x').publish()", options: { type: "TimeSeriesChart" } });

const rows = (page: Page) => page.locator(".audit-log > li");

test("Info links to the token, and token and user link to their audit events", async ({ page, server, administrator }) => {
  const grace = await server.person("Grace Hopper", "power");
  const token = await server.sessionToken(grace);
  const name = `Audited ${grace.email}`;
  const id = await createDashboard(server, token, name);
  const api = server.api(token);
  const created = (await api.get(`/v2/dashboard/${id}`)).body as Record<string, unknown>;
  expect((await api.put(`/v2/dashboard/${id}`, { ...created, description: "Followed" })).status).toBe(200);
  expect((await api.get("/v2/organization")).status).toBe(403);

  await signIn(page, administrator);
  await page.goto(`/dashboards?q=${encodeURIComponent(name)}`);
  await chooseAction(page, name, "Info");
  await page.getByRole("dialog", { name: "Info" }).getByRole("link", { name: token.slice(-4) }).first().click();
  await expect(page.getByRole("heading", { name: "All activity of this token" })).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "127.0.0.1" })).toHaveCount(1);
  await expect(page.getByRole("heading", { name: "Recent use" })).toContainText("1 rejected");
  await expect(rows(page).first()).toContainText(name);
  await page.getByRole("link", { name: "API calls", exact: true }).click();
  await expect(rows(page).first()).toContainText("/v2/organization");
  await expect(rows(page).first()).toContainText("403");

  await page.goto(`/audit?object=${id}`);
  await expect(page.getByText(`About dashboard ${name}`)).toBeVisible();
  await expect(rows(page)).toHaveCount(2);
  await rows(page).first().locator("summary").click();
  await expect(rows(page).first().getByText("Followed")).toBeVisible();
  await rows(page).first().getByRole("link", { name: "All activity of this actor" }).click();
  await expect(page.getByText(`By Grace Hopper (${grace.email})`)).toBeVisible();
  await expect(rows(page).first()).toContainText("Grace Hopper");
});

test("filters are in the URL, and pages can be followed in both directions", async ({ page, server, administrator, expectedMessages }) => {
  expectedMessages.push(/status of 400/);
  const grace = await server.person("Grace Hopper", "power");
  const api = server.api(await server.sessionToken(grace));
  for (let number = 0; number < 60; number += 1) {
    expect((await api.post("/v2/chart", chart(`Audited chart ${number} of ${grace.email}`))).status).toBe(200);
  }
  await signIn(page, administrator);
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Audit log" }).click();
  await page.getByLabel("Person").fill(grace.email);
  await page.getByLabel("Object type").selectOption("chart");
  await page.getByLabel("Action").selectOption("created");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/kind=chart/);
  await expect(rows(page)).toHaveCount(50);
  await expect(rows(page).first()).toContainText("Audited chart 59 ");
  await page.getByRole("link", { name: "Older" }).click();
  await expect(rows(page)).toHaveCount(10);
  await expect(rows(page).last()).toContainText("Audited chart 0 ");
  await page.getByRole("link", { name: "Newer" }).click();
  await expect(rows(page).first()).toContainText("Audited chart 59 ");
  await expect(page.getByLabel("Person")).toHaveValue(grace.email);
  await page.getByRole("link", { name: "Last hour" }).click();
  await expect(rows(page)).toHaveCount(50);
  await page.getByLabel("Outcome").selectOption("Denied");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await page.goto("/audit?person=unknown@example.com");
  await expect(page.getByRole("alert")).toContainText("No member has the email address");
});

test("a request id finds the event and the call of its request", async ({ page, server, administrator, request }) => {
  const headers = { "X-SF-TOKEN": await server.sessionToken(administrator) };
  const answers = [];
  for (const name of ["Before", "Wanted", "After"]) {
    answers.push(await request.post(`${server.baseURL}/v2/chart`, { headers, data: chart(`${name} by request`) }));
  }
  const id = answers[1]!.headers()["x-request-id"]!;
  await signIn(page, administrator);
  await page.goto("/audit");
  await page.getByText("More filters").click();
  await page.getByLabel("Request ID").fill(id);
  await page.getByRole("button", { name: "Show" }).click();
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText("Wanted by request");
  await expect(page.getByText(`In request ${id}`)).toBeVisible();
  await page.goto(`/audit?what=calls&request=${id}`);
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText("/v2/chart");
});

test("a rejected token is shown by its fingerprint, never by its text", async ({ page, server, administrator, request }) => {
  const text = "csu_certainlyNotATokenOfAnybodyAtAll0000";
  const response = await request.get(`${server.baseURL}/v2/team`, { headers: { "X-SF-TOKEN": text } });
  expect(response.status()).toBe(401);
  await signIn(page, administrator);
  await page.goto("/audit?what=calls&outcome=denied");
  const fingerprint = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const row = rows(page).filter({ hasText: fingerprint });
  await expect(row).toHaveCount(1);
  await row.locator("summary").click();
  await expect(row.getByText(fingerprint)).toBeVisible();
  await expect(page.locator("body")).not.toContainText(text);
});

test("the audit log is exported as CSV, and the export is an audit event", async ({ page, server, administrator }) => {
  const grace = await server.person("Grace Hopper", "power");
  const api = server.api(await server.sessionToken(grace));
  expect((await api.post("/v2/chart", chart(`=1+1 of ${grace.email}`))).status).toBe(200);
  const karen = await server.person("Karen Jones", "read_only");
  const reader = server.api(await server.sessionToken(karen));
  expect((await reader.post("/v2/team", { name: "Mine" })).status).toBe(403);

  await signIn(page, administrator);
  await page.goto(`/audit?person=${grace.email}&kind=chart`);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^countersign-events-\d{8}T\d{4}\.csv$/);
  const text = await readFile((await file.path())!, "utf8");
  const lines = text.trim().split("\n");
  expect(lines[0]).toMatch(/^record,at,number,/);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(`,'=1+1 of ${grace.email},`);

  await page.goto(`/audit?person=${administrator.email}&action=export`);
  await expect(rows(page).first()).toContainText("exported audit log events");
  await page.goto(`/audit?person=${karen.email}&outcome=denied`);
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText("was not allowed to create team");
});

test("the audit log is for administrators; a member sees the calls of their own token", async ({ page, server, expectedMessages }) => {
  expectedMessages.push(/status of 403/);
  const grace = await server.person("Grace Hopper", "power");
  const token = await server.sessionToken(grace);
  const api = server.api(token);
  expect((await api.get("/v2/team")).status).toBe(200);
  const { id } = (await api.get("/v2/session")).body as { id: string };
  await signIn(page, grace);
  await page.goto("/audit");
  await expect(page.getByRole("alert")).toContainText("Only administrators can read the audit log.");
  await page.goto(`/tokens/${id}?what=calls`);
  await expect(rows(page).filter({ hasText: "/v2/team" })).toHaveCount(1);
  await expect(page.getByRole("link", { name: "All activity of this token" })).toHaveCount(0);
});
