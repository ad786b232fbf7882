// Steps that many stories take, by role and label as a person takes them.

import { expect, type Locator, type Page } from "@playwright/test";

import type { Person, Server } from "./server.ts";
import { registerSecret } from "./server.ts";
import { waitForHydration } from "./story.ts";

export const GENERATE = "Generate User API Access Token";
export const SHOW = "Show User API Access Token";

/** Fills in the form of /signin, wherever it leads. */
export async function fillSignIn(page: Page, { email, password }: Pick<Person, "email" | "password">): Promise<void> {
  // The page begins there; typing elsewhere before it did would be faster than anybody is.
  await expect(page.getByLabel("Email")).toBeFocused();
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Signs in, to the dashboards. */
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

/** Generates a token of this name on Account Settings, where scripts run; the part of the page that is about it. */
export async function generate(page: Page, name: string): Promise<Locator> {
  await waitForHydration(page);
  await page.getByLabel("Name (optional)").fill(name);
  await page.getByRole("button", { name: GENERATE }).click();
  const panel = page.getByRole("region", { name, exact: true });
  await expect(panel).toBeVisible();
  return panel;
}

/** The field that holds a revealed token. */
export const revealed = (part: Locator) => part.getByRole("textbox", { name: "User API access token" });

export const SNIPPETS = "Ready to paste: curl and Terraform";

/** What is ready to paste where a token with this text belongs, by the part of the page that says what it is. */
export const snippetsOf = (token: string, url: string) => ({
  "In a shell: curl": `curl -H 'X-SF-TOKEN: ${token}' '${url}/v2/session'`,
  "In a Terraform file": `provider "signalfx" {\n  auth_token = "${token}"\n  api_url    = "${url}"\n}`,
});

/** The token that a part of Account Settings is about: shown, written down, hidden again. */
export async function readToken(panel: Locator): Promise<string> {
  await panel.getByRole("button", { name: SHOW }).click();
  const token = await revealed(panel).inputValue();
  registerSecret(token);
  await panel.getByRole("button", { name: "Hide", exact: true }).click();
  return token;
}

/** The row of a list that begins with this name. */
export const row = (page: Page, name: string) =>
  page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });

/** Chooses an item of the Actions menu of the object with this name. */
export async function chooseAction(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole("button", { name: "Actions", description: name }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

/** Signs a person in, generates a token and gives it: what a script of theirs is started with. */
export async function generateTokenFor(page: Page, person: Person, name: string): Promise<string> {
  await signIn(page, person);
  await openAccountSettings(page, person);
  const panel = await generate(page, name);
  const token = await readToken(panel);
  await panel.getByRole("button", { name: "Copy" }).click();
  return token;
}

/**
 * Takes the clock of a page's scripts in hand: `page.clock.runFor` moves it on.
 *
 * Playwright's timers have numbers beyond 32 bits, which no browser gives out and WebAssembly cannot hold, so that none
 * could be cleared again. Here they get small ones.
 */
export async function installClock(page: Page): Promise<void> {
  await page.clock.install();
  await page.addInitScript(() => {
    const numbers: number[] = [];
    for (const kind of ["Timeout", "Interval"] as const) {
      const begin: Function = window[`set${kind}`];
      const end: Function = window[`clear${kind}`];
      Object.assign(window, {
        [`set${kind}`]: (...given: unknown[]) => numbers.push(begin(...given)),
        [`clear${kind}`]: (number: number) => end(numbers[number - 1]),
      });
    }
  });
}

/** Whether a text is nowhere in the page: not in its markup, its fields, or what is read of it. */
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

/** Makes a dashboard with charts through the API; its id. */
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

/** Makes a detector with one rule through the API; its id. */
export async function createDetector(server: Server, token: string, name: string, more: Record<string, unknown> = {}): Promise<string> {
  const programText = "detect(when(data('cpu.utilization').mean() > 90)).publish('CPU is high')";
  const rules = [{ detectLabel: "CPU is high", severity: "Critical", notifications: [{ type: "Email", email: "ops@example.com" }] }];
  const created = await server.api(token).post("/v2/detector", { name, programText, rules, ...more });
  expect(created.status, JSON.stringify(created.body)).toBe(200);
  return (created.body as { id: string }).id;
}
