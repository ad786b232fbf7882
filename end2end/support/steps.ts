// Steps shared by stories. They find elements by role and label, as a user does.

import { expect, type Locator, type Page } from "@playwright/test";

import type { Person, Server } from "./server.ts";
import { registerSecret } from "./server.ts";
import { waitForHydration } from "./story.ts";

export const GENERATE = "Generate User API Access Token";
export const SHOW = "Show User API Access Token";

/** Submits the form of /signin. */
export async function fillSignIn(page: Page, { email, password }: Pick<Person, "email" | "password">): Promise<void> {
  // The page focuses this field; typing before it does is faster than any user.
  await expect(page.getByLabel("Email")).toBeFocused();
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Signs in and waits for the dashboards page. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await page.goto("/signin");
  await fillSignIn(page, person);
  await expect(page.getByRole("heading", { name: "Dashboards", level: 1 })).toBeVisible();
}

/** Menu → profile name. */
export async function openProfile(page: Page, person: Person): Promise<void> {
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("button", { name: person.name, exact: true }).click();
}

/** Menu → profile name → Account Settings. */
export async function openAccountSettings(page: Page, person: Person): Promise<void> {
  await openProfile(page, person);
  await page.getByRole("navigation").getByRole("link", { name: "Account Settings" }).click();
  await expect(page.getByRole("heading", { name: "Account Settings", level: 1 })).toBeVisible();
}

/** Menu → profile name → Sign out. */
export async function signOut(page: Page, person: Person): Promise<void> {
  await openProfile(page, person);
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
}

/** Generates a token of this name on Account Settings and returns its panel. Requires scripts. */
export async function generate(page: Page, name: string): Promise<Locator> {
  await waitForHydration(page);
  await page.getByLabel("Name (optional)").fill(name);
  await page.getByRole("button", { name: GENERATE }).click();
  const panel = page.getByRole("region", { name, exact: true });
  await expect(panel).toBeVisible();
  return panel;
}

/** The field that shows a revealed token. */
export const revealed = (panel: Locator) => panel.getByRole("textbox", { name: "User API access token" });

export const SNIPPETS = "Ready to paste: curl and Terraform";

/** The snippets to paste for this token, by label. */
export const snippetsOf = (token: string, url: string) => ({
  "In a shell: curl": `curl -H 'X-SF-TOKEN: ${token}' '${url}/v2/session'`,
  "In a Terraform file": `provider "signalfx" {\n  auth_token = "${token}"\n  api_url    = "${url}"\n}`,
});

/** Reveals the token of a panel, registers it as a secret, and hides it again. */
export async function readToken(panel: Locator): Promise<string> {
  await panel.getByRole("button", { name: SHOW }).click();
  const token = await revealed(panel).inputValue();
  registerSecret(token);
  await panel.getByRole("button", { name: "Hide", exact: true }).click();
  return token;
}

/** The table row whose header is this name. */
export const row = (page: Page, name: string) =>
  page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });

/** Chooses an item of the Actions menu of the object with this name. */
export async function chooseAction(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole("button", { name: "Actions", description: name }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

/** Signs a person in, generates a token and returns its text. */
export async function generateTokenFor(page: Page, person: Person, name: string): Promise<string> {
  await signIn(page, person);
  await openAccountSettings(page, person);
  const panel = await generate(page, name);
  const token = await readToken(panel);
  await panel.getByRole("button", { name: "Copy" }).click();
  return token;
}

/**
 * Installs a fake clock in the page: `page.clock.runFor` advances it.
 *
 * Playwright's timer ids exceed 32 bits, which browsers never do and WebAssembly cannot represent, so that timers could not
 * be cleared. This maps them to small ids.
 */
export async function installClock(page: Page): Promise<void> {
  await page.clock.install();
  await page.addInitScript(() => {
    const ids: number[] = [];
    for (const kind of ["Timeout", "Interval"] as const) {
      const begin: Function = window[`set${kind}`];
      const end: Function = window[`clear${kind}`];
      Object.assign(window, {
        [`set${kind}`]: (...given: unknown[]) => ids.push(begin(...given)),
        [`clear${kind}`]: (id: number) => end(ids[id - 1]),
      });
    }
  });
}

/** Expects that a text is absent from the page's markup, fields and visible text. */
export async function expectAbsent(page: Page, text: string): Promise<void> {
  await expect
    .poll(async () => {
      const fields = await page.locator("input, textarea").evaluateAll((all) => all.map((field) => (field as HTMLInputElement).value));
      return [await page.content(), await page.locator("body").innerText(), ...fields].some((part) => part.includes(text));
    })
    .toBe(false);
}

export interface ChartPlace {
  name: string;
  column: number;
  row: number;
  width: number;
  height: number;
}

/** Creates a dashboard with charts through the API and returns its id. */
export async function createDashboard(server: Server, token: string, name: string, charts: ChartPlace[] = []): Promise<string> {
  const api = server.api(token);
  const placed = [];
  for (const { name: chartName, ...place } of charts) {
    const options = { type: "TimeSeriesChart" };
    const programText = "data('cpu.utilization').mean().publish(label='A')";
    const created = await api.post("/v2/chart", { name: chartName, programText, options });
    expect(created.status, JSON.stringify(created.body)).toBe(200);
    placed.push({ chartId: (created.body as { id: string }).id, ...place });
  }
  const created = await api.post("/v2/dashboard", { name, charts: placed });
  expect(created.status, JSON.stringify(created.body)).toBe(200);
  return (created.body as { id: string }).id;
}

/** Creates a detector with one rule through the API and returns its id. */
export async function createDetector(server: Server, token: string, name: string, more: Record<string, unknown> = {}): Promise<string> {
  const programText = "detect(when(data('cpu.utilization').mean() > 90)).publish('CPU is high')";
  const rules = [{ detectLabel: "CPU is high", severity: "Critical", notifications: [{ type: "Email", email: "ops@example.com" }] }];
  const created = await server.api(token).post("/v2/detector", { name, programText, rules, ...more });
  expect(created.status, JSON.stringify(created.body)).toBe(200);
  return (created.body as { id: string }).id;
}
