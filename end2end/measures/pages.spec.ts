// What Lighthouse says of three pages on a telephone over a slow line, to somebody signed in: its scores beside those we
// ask for, and what cost points. It reports and refuses nothing, since scores vary with the machine.

import { createServer, type AddressInfo } from "node:net";

import { chromium, type BrowserContext } from "@playwright/test";
import lighthouse, { type Result } from "lighthouse";

import { BulkCreator, numbered, range } from "../support/bulk.ts";
import { test } from "../support/story.ts";
import { createDashboard, signIn } from "../support/steps.ts";

/** The categories, and the score we ask for in each. */
const TARGET_SCORES = { performance: 95, accessibility: 100, "best-practices": 100 } as const;

/** What a page is like to wait for, as Lighthouse calls it. */
const METRICS = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "speed-index"];

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What Lighthouse measures in: cookies of this browser are its own, so whoever signed in stays so. */
async function openBrowser(port: number, baseURL: string, launchOptions: Parameters<typeof chromium.launch>[0]): Promise<BrowserContext> {
  const args = [...(launchOptions?.args ?? []), `--remote-debugging-port=${port}`];
  return chromium.launchPersistentContext("", { ...launchOptions, args, baseURL, viewport: null });
}

/** What cost points in this category. */
function failedAudits(result: Result, category: string): string[] {
  return result.categories[category]!.auditRefs
    .filter(({ id, weight }) => weight > 0 && (result.audits[id]!.score ?? 1) < 0.995)
    .map(({ id }) => {
      const { title, score, displayValue = "" } = result.audits[id]!;
      return `    ${category}: ${id} ${Math.round(100 * (score ?? 0))}: ${title} ${displayValue}`;
    });
}

function report(name: string, result: Result): void {
  const scores = Object.entries(TARGET_SCORES).map(([category, target]) => {
    const score = Math.round(100 * (result.categories[category]!.score ?? 0));
    return `${category} ${score} (${target} target${score < target ? ": missed" : ""})`;
  });
  const metrics = METRICS.map((id) => `${result.audits[id]!.title} ${result.audits[id]!.displayValue}`);
  const failed = Object.keys(TARGET_SCORES).flatMap((category) => failedAudits(result, category));
  console.log([`${name}: ${scores.join(", ")}`, `    ${metrics.join(", ")}`, ...failed].join("\n"));
}

test("what Lighthouse says", async ({ server, administrator, launchOptions }) => {
  test.setTimeout(600_000);
  const token = await server.sessionToken(administrator);
  await new BulkCreator(server, token).create("/v2/dashboard", range(1, 499), (number) => ({ name: numbered("Dashboard", number), charts: [] }));
  const dashboard = await createDashboard(server, token, "Checkout latency", [{ name: "Latency p99", column: 0, row: 0, width: 6, height: 1 }]);
  const created = (await server.api(token).get(`/v2/dashboard/${dashboard}`)).body as Record<string, unknown>;
  await server.api(token).put(`/v2/dashboard/${dashboard}`, { ...created, description: "The p99 is what we promise: 300 ms." });

  const port = await freePort();
  const browser = await openBrowser(port, server.baseURL, launchOptions);
  await signIn(browser.pages()[0] ?? (await browser.newPage()), administrator);
  const pages = {
    "Account Settings": "/account",
    "500 dashboards": "/dashboards",
    "Info of a dashboard": `/dashboards/${dashboard}?show=info`,
  };
  for (const [name, path] of Object.entries(pages)) {
    const address = server.baseURL + path;
    const measured = await lighthouse(address, { port, onlyCategories: Object.keys(TARGET_SCORES), logLevel: "error" });
    const result = measured?.lhr;
    if (!result || result.runtimeError) throw new Error(`Lighthouse could not measure ${path}: ${result?.runtimeError?.message}`);
    if (result.finalDisplayedUrl !== address) throw new Error(`${path} led to ${result.finalDisplayedUrl}`);
    report(name, result);
  }
  await browser.close();
});
