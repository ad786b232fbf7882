// Lighthouse measurements of three pages for a signed-in user, on an emulated phone with a slow connection: the scores, the
// target scores and the audits that cost points. The test reports and never fails on a score, because scores vary with the
// machine.

import { createServer, type AddressInfo } from "node:net";

import { chromium, type BrowserContext } from "@playwright/test";
import lighthouse, { type Result } from "lighthouse";

import { BulkCreator, numbered, range } from "../support/bulk.ts";
import { test } from "../support/story.ts";
import { createDashboard, signIn } from "../support/steps.ts";

/** The target score of each Lighthouse category. */
const TARGET_SCORES = { performance: 95, accessibility: 100, "best-practices": 100 } as const;

/** The Lighthouse audits that measure loading time. */
const METRICS = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "speed-index"];

/** A free TCP port. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The browser that Lighthouse controls. It keeps its cookies, so a user who has signed in stays signed in. */
async function openBrowser(port: number, baseURL: string, launchOptions: Parameters<typeof chromium.launch>[0]): Promise<BrowserContext> {
  const args = [...(launchOptions?.args ?? []), `--remote-debugging-port=${port}`];
  return chromium.launchPersistentContext("", { ...launchOptions, args, baseURL, viewport: null });
}

/** The audits of this category that cost points. */
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

test("Lighthouse measures three pages", async ({ server, administrator, launchOptions }) => {
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
    if (result.finalDisplayedUrl !== address) throw new Error(`${path} redirected to ${result.finalDisplayedUrl}`);
    report(name, result);
  }
  await browser.close();
});
