// A rejected form shows the error at the field and keeps all input.

import type { Locator, Page } from "@playwright/test";

import { expect, test } from "../../support/story.ts";
import { createDashboard, createDetector, fillSignIn, signIn } from "../../support/steps.ts";

interface RejectedForm {
  path: string;
  /** Text input by label, one of it invalid. */
  typed: Record<string, string>;
  /** Selected options by label. */
  chosen?: Record<string, string>;
  /** The label of the invalid field. */
  at: string;
}

const BLANK = " ";
const DAYS = "Days until the token expires";
const DESCRIPTION = "Ours since 2019: <b>ask</b> \"Ada\" & Grace";

/** The names and values of a form's fields, without passwords. */
const fieldValues = (form: Locator) =>
  form.evaluate((form: HTMLFormElement) =>
    [...form.elements]
      .filter((field) => field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement)
      .filter((field) => !["hidden", "password"].includes(field.type))
      .map((field) => [field.name, "checked" in field && ["checkbox", "radio"].includes(field.type) ? `${field.value} ${field.checked}` : field.value]),
  );

async function expectRejection(page: Page, { path, typed, chosen, at }: RejectedForm): Promise<void> {
  await page.goto(path);
  const form = page.getByRole("main").locator("form", { has: page.getByLabel(at, { exact: true }) });
  for (const [label, text] of Object.entries(typed)) await form.getByLabel(label, { exact: true }).fill(text);
  for (const [label, words] of Object.entries(chosen ?? {})) await form.getByLabel(label, { exact: true }).selectOption(words);
  const before = await fieldValues(form);
  // Disable the browser's own validation.
  await form.evaluate((form: HTMLFormElement) => (form.noValidate = true));
  await form.locator("button[type=submit], button:not([type])").first().click();
  const field = form.getByLabel(at, { exact: true });
  await expect(field, path).toHaveAttribute("aria-invalid", "true");
  const error = form.locator(".field", { has: page.getByLabel(at, { exact: true }) }).locator(".field-error");
  await expect(error, path).toBeVisible();
  expect(await field.getAttribute("aria-describedby"), path).toContain((await error.getAttribute("id"))!);
  expect(await fieldValues(form), path).toEqual(before);
}

test("every rejected form marks the invalid field and keeps all input", async ({ page, server, administrator, expectedMessages }) => {
  test.setTimeout(120_000);
  expectedMessages.push(/status of 400/);
  const { email } = await server.person("Grace Hopper", "power");
  const token = await server.sessionToken(administrator);
  const [dashboard, detector] = [await createDashboard(server, token, `Board of ${email}`), await createDetector(server, token, `Detector of ${email}`)];
  const api = server.api(token);
  const { groupId } = (await api.get(`/v2/dashboard/${dashboard}`)).body as { groupId: string };
  const team = (await api.post("/v2/team", { name: `Team of ${email}`, members: [] })).body as { id: string };
  const hook = (await api.post("/v2/integration", { type: "Webhook", name: `Hook of ${email}`, url: "https://hook.example.com" })).body as { id: string };
  const access = (await api.post("/v2/token", { name: `Token of ${email}` })).body as { id: string };
  await signIn(page, administrator);

  const named = { Name: BLANK, "Description (optional)": DESCRIPTION };
  const webhook = { Name: "Hook", "URL (optional)": "nowhere", "Payload template (optional)": `{\n  "text": "${"{{messageTitle}}"}"\n}` };
  const forms: RejectedForm[] = [
    { path: "/teams/new", typed: named, at: "Name" },
    { path: `/teams/${team.id}/edit`, typed: named, at: "Name" },
    { path: "/dashboards/new", typed: named, at: "Name" },
    { path: `/dashboards/${dashboard}/edit`, typed: named, at: "Name" },
    { path: "/dashboard-groups/new", typed: named, at: "Name" },
    { path: `/dashboard-groups/${groupId}/edit`, typed: named, at: "Name" },
    { path: "/detectors/new", typed: { Name: "Mine", "Description (optional)": DESCRIPTION, Program: "nothing" }, at: "Program" },
    { path: `/detectors/${detector}/edit`, typed: { Name: "Mine", "Description (optional)": DESCRIPTION, Program: "nothing" }, at: "Program" },
    { path: `/detectors/${detector}/document`, typed: { Document: "{ no JSON" }, at: "Document" },
    { path: `/dashboards/${dashboard}/document`, typed: { Document: "{ no JSON" }, at: "Document" },
    { path: `/dashboard-groups/${groupId}/document`, typed: { Document: "[]" }, at: "Document" },
    { path: "/dashboards/import", typed: { Document: '{"dashboardExport": []}' }, at: "Document" },
    { path: "/dashboard-groups/import", typed: { Document: "{ no JSON" }, at: "Document" },
    { path: "/integrations/new?type=Webhook", typed: webhook, chosen: { "Method (optional)": "PUT", Enabled: "No" }, at: "URL (optional)" },
    { path: `/integrations/${hook.id}/edit`, typed: webhook, chosen: { "Method (optional)": "GET", Enabled: "No" }, at: "URL (optional)" },
    { path: "/access-tokens/new", typed: { ...named, "Days until it expires": "12" }, at: "Name" },
    { path: `/access-tokens/${access.id}/edit`, typed: named, at: "Name" },
    { path: `/access-tokens/${access.id}?show=rotate`, typed: { [DAYS]: "0" }, chosen: { "The old secret keeps working for": "One week" }, at: DAYS },
    { path: "/organization/invitations/new", typed: { Email: administrator.email, "Name (optional)": "Katherine <i>Johnson</i>" }, at: "Email" },
    { path: "/organization/categories", typed: { Name: BLANK, "Alias (optional)": "front", "Description (optional)": DESCRIPTION }, at: "Name" },
    { path: "/account", typed: { "Current password": "not the one there is", "New password": "an unguessable password" }, at: "Current password" },
    { path: `/dashboards/${dashboard}/permissions`, typed: { "Add by email or team name": "no such name" }, at: "Add by email or team name" },
  ];
  for (const form of forms) await test.step(form.path, () => expectRejection(page, form));
});

test("rejected forms of signed-out pages keep all input except passwords", async ({ page, server, administrator, emptyServer, registerSecret }) => {
  const email = `ada.${crypto.randomUUID()}@example.com`;
  const invited = await server.api(await server.sessionToken(administrator)).post("/v2/organization/member", { email });
  const { inviteUrl } = invited.body as { inviteUrl: string };
  registerSecret(new URL(inviteUrl).searchParams.get("claim")!);
  const named = { "Your name": "Ada <i>Lovelace</i> & \"Co\"", Password: "too short" };
  await expectRejection(page, { path: inviteUrl, typed: named, at: "Password" });
  await expect(page.getByLabel("Password")).toHaveValue("");
  await expectRejection(page, { path: emptyServer.setupLink, typed: { "Organization name": "R & D", ...named, Email: email }, at: "Password" });
  await expect(page.getByLabel("Password")).toHaveValue("");

  await page.goto("/signin?next=%2Fusage");
  await fillSignIn(page, { email, password: "certainly not this one" });
  // The message does not reveal which of the two was wrong.
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByLabel("Email")).toHaveValue(email);
  await expect(page.getByLabel("Password")).toHaveValue("");
  expect(new URL(page.url()).searchParams.get("next")).toBe("/usage");
});

test("removing the last role is rejected, and the choice is kept", async ({ page, server, administrator }) => {
  const { email } = await server.person("Karen Jones", "usage");
  const found = await server.api(await server.sessionToken(administrator)).get(`/v2/organization/member?query=email:${email}`);
  const [{ userId }] = (found.body as { results: [{ userId: string }] }).results;
  await signIn(page, administrator);
  await page.goto(`/organization/members/${userId}`);
  const roles = page.getByRole("group", { name: "Permissions of the member" });
  const ticked = roles.getByRole("checkbox", { checked: true });
  await expect(ticked).toHaveCount(1);
  await ticked.uncheck();
  await page.getByRole("button", { name: "Save roles" }).click();
  const error = roles.locator(".field-error");
  await expect(error).toBeVisible();
  expect(await roles.getAttribute("aria-describedby")).toContain((await error.getAttribute("id"))!);
  await expect(roles.getByRole("checkbox")).toHaveCount(4);
  await expect(ticked).toHaveCount(0);
});
