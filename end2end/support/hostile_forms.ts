// Types payloads into forms: into those that the server rejects, so that it shows them again, and into those whose notice
// or preview shows them.

import { expect } from "@playwright/test";

import type { Paths } from "./hostile_texts.ts";
import { type MarkedTexts, PAYLOADS, POLYGLOT, QUOTES } from "./markup.ts";
import { registerSecret } from "./server.ts";
import { GENERATE } from "./steps.ts";
import type { Visitor } from "./visitor.ts";

interface RejectedForm {
  path: string;
  /** Labels of fields that get a payload. */
  typed: string[];
  /** Other input by label. */
  given?: Record<string, string>;
  /** The label of the invalid field. */
  at: string;
}

/** The forms of these objects, and what makes each of them invalid. */
export function rejectedForms({ dashboard, group, detector, team, token, integration }: Paths): RejectedForm[] {
  const described = { typed: ["Description (optional)"], given: { Name: " " }, at: "Name" };
  const programmed = { typed: ["Name", "Description (optional)", "Program", "Tags (optional)"], at: "Program" };
  const document = { typed: ["Document"], at: "Document" };
  const webhook = { typed: ["Name", "URL (optional)", "Payload template (optional)"], at: "URL (optional)" };
  const principal = { typed: ["Add by email or team name"], at: "Add by email or team name" };
  return [
    { path: "/teams/new", ...described },
    { path: `${team}/edit`, ...described },
    { path: team, typed: ["Add member by email"], at: "Add member by email" },
    ...["/dashboards/new", "/dashboard-groups/new", `${dashboard}/edit`, `${group}/edit`].map((path) => ({ path, ...described })),
    ...["/detectors/new", `${detector}/edit`].map((path) => ({ path, ...programmed })),
    ...["/dashboards/new", "/dashboard-groups/new", "/detectors/new"].map((path) => ({ path: `${path}/document`, ...document })),
    ...["/dashboards", "/dashboard-groups"].map((path) => ({ path: `${path}/import`, ...document })),
    ...["/muting-rules/new", "/data-links/new", "/slos/new"].map((path) => ({ path, ...document })),
    ...[dashboard, group, detector].map((path) => ({ path: `${path}/document`, ...document })),
    ...[dashboard, group, detector].map((path) => ({ path: `${path}/permissions`, ...principal })),
    ...["/integrations/new?type=Webhook", `${integration}/edit`].map((path) => ({ path, ...webhook })),
    { path: "/access-tokens/new", ...described },
    { path: `${token}/edit`, ...described },
    { path: "/organization/invitations/new", typed: ["Email", "Name (optional)"], at: "Email" },
    { path: `/confirm?next=/${encodeURIComponent(POLYGLOT)}`, typed: [], given: { Password: "certainly not this one" }, at: "Password" },
    { path: "/organization/categories", typed: ["Name", "Alias (optional)", "Description (optional)"], at: "Name" },
  ];
}

/** Fills a form and sends it. The page that follows shows the payloads as text. `number` distinguishes them. */
export async function expectRejected(visitor: Visitor, texts: MarkedTexts, form: RejectedForm, number: number): Promise<void> {
  const { page } = visitor;
  const { path, typed, given = {}, at } = form;
  await page.goto(path);
  const shown = page.getByRole("main").locator("form", { has: page.getByLabel(at, { exact: true }) });
  for (const label of typed) await shown.getByLabel(label, { exact: true }).fill(texts.of(`${number}-${label.slice(0, 6)}`));
  for (const [label, text] of Object.entries(given)) await shown.getByLabel(label, { exact: true }).fill(text);
  // Disable the browser's own validation.
  await shown.evaluate((form: HTMLFormElement) => (form.noValidate = true));
  await shown.locator("button[type=submit], button:not([type])").first().click();
  await expect(page.getByLabel(at, { exact: true }), path).toHaveAttribute("aria-invalid", "true");
  await visitor.check();
}

/** Sends forms whose notice names what was typed, and forms whose changes are previewed. */
export async function expectAccepted(visitor: Visitor, texts: MarkedTexts, { dashboard, detector, token }: Paths): Promise<void> {
  const { page } = visitor;
  const expectNotice = async (words: string) => {
    await expect(page.getByRole("status").first()).toContainText(words);
    await visitor.arrive();
  };
  await page.goto("/teams/new");
  await page.getByLabel("Name").fill(texts.of("noticed-team"));
  await page.getByRole("button", { name: "Create team" }).click();
  await expectNotice(`The team ${texts.of("noticed-team")} is created`);
  await page.goto(detector);
  await page.getByRole("button", { name: "Disable" }).first().click();
  await expectNotice(`The rule ${texts.of("rule.label")} is disabled`);
  await page.goto(`${dashboard}/edit`);
  await page.getByRole("button", { name: "Save" }).click();
  await expectNotice(`The dashboard ${texts.of("dashboard.name")} is saved`);
  await page.goto(`${token}?show=delete`);
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expectNotice(`The token ${texts.of("org-token.name")} is deleted`);

  await page.goto("/organization/invitations/new");
  const email = texts.of("invited", `${QUOTES}@example.com`);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Name (optional)").fill(texts.of("invited.name"));
  await page.getByRole("button", { name: "Create invitation" }).click();
  registerSecret(new URL(await page.getByRole("textbox", { name: "Invitation link" }).inputValue()).searchParams.get("claim")!);
  await expectNotice(email);
  await visitor.open("/organization/invitations");

  await page.goto(`${dashboard}/document`);
  const document = page.getByLabel("Document");
  await document.fill((await document.inputValue()).replace("{", `{ ${JSON.stringify(texts.of("unknown-field"))}: 1, "chartDensity": "LOW", `));
  await page.getByRole("button", { name: "See what will change" }).click();
  await expect(page.getByRole("region", { name: "What will change" })).toBeVisible();
  await visitor.check();
  await page.goto(`${dashboard}/permissions`);
  await page.locator(".principals select").first().selectOption("Can read");
  await page.getByRole("button", { name: "See what will change" }).click();
  await expect(page.getByRole("region", { name: "What will change" })).toBeVisible();
  await visitor.check();
}

/** Generates user tokens. The page that shows each once has its name. */
export async function generateTokens(visitor: Visitor, texts: MarkedTexts): Promise<void> {
  const { page } = visitor;
  for (const payload of [...PAYLOADS, POLYGLOT]) {
    await page.goto("/account");
    await page.getByLabel("Name (optional)").fill(texts.of("user-token.name", payload));
    // Submit as a browser without scripts does.
    await page.getByRole("button", { name: GENERATE }).evaluate((button: HTMLButtonElement) => button.form?.submit());
    await expect(page.getByRole("heading", { name: texts.of("user-token.name", payload) })).toBeVisible();
    registerSecret(await page.getByLabel("User API access token").inputValue());
    await visitor.arrive();
  }
}
