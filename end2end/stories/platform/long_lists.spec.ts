// The main lists with 0, 1 and many items: count, paging, empty state, filters in the URL.

import { join } from "node:path";

import type { Page } from "@playwright/test";

import { checkAppearance } from "../../support/accessibility.ts";
import { BulkCreator, numbered, range } from "../../support/bulk.ts";
import { expect, test } from "../../support/story.ts";
import { fillSignIn } from "../../support/steps.ts";

test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, "the accessibility checks run as scripts; the stories of each list cover scripts disabled");

const MANY = 300;

/** Each of these items costs a password hash, which takes a tenth of a second. */
const MANY_HASHED = 120;

interface List {
  path: string;
  one: string;
  many: string;
  /** The empty state: title and next step. Absent for lists that cannot be empty. */
  empty?: [string, string];
  /** A filter as a query string, and the number of items that match. */
  filter: [string, number];
  /** The number of items; {@link MANY} when absent. */
  total?: number;
}

const LISTS: List[] = [
  { path: "/dashboards", one: "dashboard", many: "dashboards", empty: ["No dashboards yet", "Create one here"], filter: ["q=dashboard+12", 10] },
  { path: "/detectors", one: "detector", many: "detectors", empty: ["No detectors yet", "Create one here"], filter: ["tag=even", MANY / 2] },
  { path: "/teams", one: "team", many: "teams", empty: ["No teams yet", "A team gathers people"], filter: ["q=TEAM+299", 1] },
  { path: "/access-tokens", one: "access token", many: "access tokens", empty: ["No access tokens", "Create one to send data"], filter: ["state=soon", MANY / 2] },
  { path: "/organization", one: "member", many: "members", filter: ["role=usage", MANY_HASHED / 2 - 1], total: MANY_HASHED },
  { path: "/tokens", one: "token", many: "tokens", empty: ["No tokens here", "People generate tokens on their Account Settings"], filter: ["unused=never", MANY_HASHED - 1], total: MANY_HASHED },
];

async function expectList(page: Page, address: string, { one, many }: List, count: number): Promise<void> {
  await page.goto(address);
  await expect(page.getByText(`${count} ${count === 1 ? one : many}`, { exact: true }), address).toBeVisible();
  const last = Math.ceil(count / 50);
  await expect(page.getByRole("table").getByRole("rowheader"), address).toHaveCount(Math.min(count, 50));
  await expect(page.getByText(`Page 1 of ${last}`)).toHaveCount(last > 1 ? 1 : 0);
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth), page.url()).toBeLessThanOrEqual(320);
  await page.setViewportSize({ width: 1280, height: 800 });
}

test("each list shows 0, 1 and many items", async ({ page, emptyServer, checkAccessibility, registerSecret }, info) => {
  test.setTimeout(150_000);
  await page.emulateMedia({ reducedMotion: "reduce" });
  const ada = await emptyServer.person("Ada Admin", "admin");
  const at = (list: List, query = "") => `${emptyServer.baseURL}${list.path}${query}`;
  await page.goto(`${emptyServer.baseURL}/signin`);
  await fillSignIn(page, ada);
  await expect(page.getByRole("heading", { name: "Dashboards", level: 1 })).toBeVisible();

  const expectEmpty = async (list: List) => {
    const [title, step] = list.empty!;
    await page.goto(at(list));
    await expect(page.getByText(`0 ${list.many}`, { exact: true })).toBeVisible();
    await expect(page.getByText(title, { exact: true })).toBeVisible();
    await expect(page.getByText(step)).toBeVisible();
    await expect(page.getByRole("table")).toHaveCount(0);
    await expectNoSidewaysScroll(page);
  };
  const tokens = LISTS.find(({ path }) => path === "/tokens")!;
  await expectEmpty(tokens);
  // The token that creates the other objects is the first in the list.
  const token = await emptyServer.sessionToken(ada);
  expect((await emptyServer.api(token).delete("/v2/token/Default")).status).toBe(204);
  for (const list of LISTS.filter((list) => list.empty && list !== tokens)) await expectEmpty(list);
  await page.goto(at(LISTS[0]!));
  await checkAccessibility(page);

  const bulk = new BulkCreator(emptyServer, token);
  const password = "one password for all of them";
  registerSecret(password);
  // Ada is the first member and already has the first token.
  const isHashed = (number: number) => number > 1 && number <= MANY_HASHED;
  const createAll = async (first: number, last: number) => {
    const numbers = range(first, last);
    await Promise.all([
      bulk.create("/v2/dashboard", numbers, (number) => ({ name: numbered("Dashboard", number), charts: [] })),
      bulk.create("/v2/detector", numbers, (number) => ({
        name: numbered("Detector", number),
        programText: "detect(when(data('cpu').mean() > 90)).publish('high')",
        rules: [{ detectLabel: "high", severity: "Critical", notifications: [] }],
        tags: number % 2 ? [] : ["even"],
      })),
      bulk.create("/v2/team", numbers, (number) => ({ name: numbered("Team", number), members: [] })),
      bulk.create("/v2/token", numbers, (number) => ({
        name: numbered("Access token", number),
        secondsUntilExpiry: 86_400 * (number % 2 ? 1 : 100),
      })),
      bulk.createMembers(numbers.filter(isHashed), password),
      bulk.issueTokens(ada, numbers.filter(isHashed)),
    ]);
  };
  await test.step("1 item", async () => {
    await createAll(1, 1);
    for (const list of LISTS) await expectList(page, at(list), list, 1);
    await page.goto(at(LISTS[0]!));
    await checkAccessibility(page);
  });
  await test.step("create many items", () => createAll(2, MANY));
  for (const list of LISTS) {
    const total = list.total ?? MANY;
    await test.step(`${total} ${list.many}`, async () => {
      const [query, left] = list.filter;
      const pages = Math.ceil(total / 50);
      await expectList(page, at(list, `?${query}`), list, left);
      await expectList(page, at(list), list, total);
      const first = await page.getByRole("rowheader").allInnerTexts();
      await page.getByRole("link", { name: "Next" }).click();
      await expect(page.getByText(`Page 2 of ${pages}`)).toBeVisible();
      const second = await page.getByRole("rowheader").allInnerTexts();
      // Tokens without a name are listed by a few of their characters, which may coincide.
      if (list !== tokens) expect(second.filter((name) => first.includes(name))).toEqual([]);
      await page.goto(at(list, `?page=${pages}`));
      await expect(page.getByRole("rowheader")).toHaveCount(total - (pages - 1) * 50);
      await expect(page.getByRole("link", { name: "Next" })).toHaveCount(0);
      await expect(page.getByRole("link", { name: "Previous" })).toBeVisible();
      await page.goto(at(list));
      await expectNoSidewaysScroll(page);
      if (list === LISTS[0]) await checkAccessibility(page);
      else await checkAppearance(page, { colorScheme: LISTS.indexOf(list) % 2 ? "dark" : "light", width: LISTS.indexOf(list) < 3 ? 360 : 1280 });
      const path = join(info.project.outputDir, "screens", `many-${list.many.replace(" ", "-")}.png`);
      await page.screenshot({ path, animations: "disabled" });
      await page.setViewportSize({ width: 1280, height: 800 });
    });
  }
});
