// Takes the screenshots in README.md from `countersign demo` and writes them to docs/screenshots: `cargo xtask pictures`.

import { join } from "node:path";

import { expect, test as base, type Page } from "@playwright/test";

import { type Demo, startDemo } from "../support/demo.ts";
import { fillSignIn, generate, revealed, SHOW } from "../support/steps.ts";
import { waitForHydration } from "../support/story.ts";

const test = base.extend<{ demo: Demo }>({
  demo: async ({}, use) => {
    const demo = await startDemo();
    await use(demo);
    await demo.stop();
  },
});

const FOLDER = join(import.meta.dirname, "../../docs/screenshots");

/** Maximum size of a screenshot in bytes: README.md must load over slow connections. */
const MAX_BYTES = 150_000;

async function take(page: Page, name: string): Promise<void> {
  // No hover state and no blinking cursor, so that the image is reproducible.
  await page.mouse.move(0, 0);
  const image = await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: "disabled" });
  expect(image.length, name).toBeLessThan(MAX_BYTES);
}

/** Updates the description of a dashboard through the API with this token. */
async function updateDescription(baseURL: string, token: string): Promise<void> {
  const call = async (path: string, more: RequestInit = {}) => {
    const headers = { "X-SF-TOKEN": token, "Content-Type": "application/json", "User-Agent": "deploy-script/2.1" };
    const response = await fetch(new URL(path, baseURL), { ...more, headers });
    expect(response.status, path).toBe(200);
    return response.json();
  };
  const { results } = await call("/v2/dashboard?name=Checkout+latency");
  const [dashboard] = results;
  const body = JSON.stringify({ ...dashboard, description: "The p99 is what we promise: 250 ms." });
  await call(`/v2/dashboard/${dashboard.id}`, { method: "PUT", body });
}

test("take the screenshots", async ({ page, demo }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.goto(`${demo.baseURL}/signin`);
  await fillSignIn(page, { email: "ada@example.com", password: demo.password });
  await expect(page.getByRole("heading", { name: "Dashboards", level: 1 })).toBeVisible();

  await page.goto(`${demo.baseURL}/account`);
  const panel = await generate(page, "deploy script");
  await panel.getByRole("button", { name: SHOW }).click();
  await expect(revealed(panel)).toBeVisible();
  await take(page, "account");
  await updateDescription(demo.baseURL, await revealed(panel).inputValue());
  await panel.getByRole("button", { name: "Copy" }).click();

  await page.goto(`${demo.baseURL}/dashboards?q=checkout+latency`);
  await waitForHydration(page);
  await page.getByRole("button", { name: "Actions" }).first().click();
  await page.getByRole("menuitem", { name: "Info" }).click();
  await expect(page.getByRole("dialog", { name: "Info" })).toContainText("Ada Lovelace updated");
  await take(page, "info");

  await page.goto(`${demo.baseURL}/usage?range=week`);
  await waitForHydration(page);
  await take(page, "usage");

  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(`${demo.baseURL}/audit?person=ada@example.com`);
  await page.locator(".audit-log summary").first().click();
  await take(page, "audit");
});
