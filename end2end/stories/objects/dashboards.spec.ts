// Dashboards: search, paging and chart layout.

import { expect, test } from "../../support/story.ts";
import { createDashboard, fillSignIn, signIn } from "../../support/steps.ts";

test("an empty list of dashboards explains how to create one", async ({ page, emptyServer }) => {
  const person = await emptyServer.person("Ada Admin", "admin");
  await page.goto(`${emptyServer.baseURL}/signin`);
  await fillSignIn(page, person);
  await expect(page.getByText("0 dashboards", { exact: true })).toBeVisible();
  await expect(page.getByText("No dashboards yet")).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "Account Settings" }).click();
  await expect(page.getByRole("heading", { name: "Account Settings" })).toBeVisible();
});

test("dashboards are searched, counted and paged", async ({ page, emptyServer }) => {
  const person = await emptyServer.person("Ada Admin", "admin");
  const token = await emptyServer.sessionToken(person);
  for (let number = 1; number <= 52; number += 1) {
    await createDashboard(emptyServer, token, `Service ${String(number).padStart(2, "0")}`);
  }
  await createDashboard(emptyServer, token, "100% of _everything_ & more?");
  await page.goto(`${emptyServer.baseURL}/signin`);
  await fillSignIn(page, person);
  await expect(page.getByText("53 dashboards", { exact: true })).toBeVisible();

  const search = page.getByRole("searchbox", { name: "Search dashboards" });
  await search.fill("service");
  await search.press("Enter");
  await expect(page.getByText("52 dashboards", { exact: true })).toBeVisible();
  const names = page.getByRole("table").getByRole("rowheader");
  await expect(names).toHaveCount(50);
  const pages = page.getByRole("navigation", { name: "Pages" });
  await expect(pages).toContainText("Page 1 of 2");
  await expect(pages.getByRole("link", { name: "Previous" })).toHaveCount(0);
  const first = await names.allTextContents();
  await pages.getByRole("link", { name: "Next" }).click();
  await expect(pages).toContainText("Page 2 of 2");
  await expect(names).toHaveCount(2);
  await expect(search).toHaveValue("service");
  expect(new Set([...first, ...(await names.allTextContents())]).size).toBe(52);
  await pages.getByRole("link", { name: "Previous" }).click();
  await expect(names).toHaveText(first);

  for (const [query, count] of [["100%", "1 dashboard"], ["_every", "1 dashboard"], ["& more?", "1 dashboard"], ["_", "1 dashboard"]]) {
    await search.fill(query!);
    await search.press("Enter");
    await expect(page.getByText(count!, { exact: true }), query).toBeVisible();
    await expect(search).toHaveValue(query!);
  }
  await search.fill("nothing like it");
  await search.press("Enter");
  await expect(page.getByText("No dashboard matches")).toBeVisible();
  await page.getByRole("link", { name: "Show all dashboards" }).click();
  await expect(page.getByText("53 dashboards", { exact: true })).toBeVisible();
});

test("charts follow the layout of the dashboard, and stack on a narrow screen", async ({ page, server }) => {
  const grace = await server.person("Grace Hopper", "power");
  const name = `Layout ${grace.email}`;
  const id = await createDashboard(server, await server.sessionToken(grace), name, [
    { name: "Left", column: 0, row: 0, width: 6, height: 1 },
    { name: "Right", column: 6, row: 0, width: 6, height: 2 },
    { name: "Below left", column: 0, row: 1, width: 3, height: 1 },
    { name: "Whole width", column: 0, row: 2, width: 12, height: 1 },
  ]);
  await page.setViewportSize({ width: 1280, height: 800 });
  await signIn(page, grace);
  await page.goto(`/dashboards/${id}`);
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  await expect(page).toHaveTitle(new RegExp(name));
  const boxes = async () => {
    const [left, right, below, whole] = await Promise.all(
      ["Left", "Right", "Below left", "Whole width"].map(async (chart) => {
        const item = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: chart, exact: true }) });
        const box = await item.boundingBox();
        if (!box) throw new Error(`${chart} is not on the page`);
        return box;
      }),
    );
    return { left: left!, right: right!, below: below!, whole: whole! };
  };
  const wide = await boxes();
  expect(wide.right.y).toBeCloseTo(wide.left.y, 0);
  expect(wide.right.width).toBeCloseTo(wide.left.width, 0);
  expect(wide.right.x).toBeGreaterThanOrEqual(wide.left.x + wide.left.width);
  expect(wide.below.x).toBeCloseTo(wide.left.x, 0);
  expect(wide.below.y).toBeGreaterThanOrEqual(wide.left.y + wide.left.height);
  expect(wide.below.width).toBeLessThan(wide.left.width);
  expect(wide.right.y + wide.right.height).toBeCloseTo(wide.below.y + wide.below.height, 0);
  expect(wide.whole.y).toBeGreaterThanOrEqual(wide.right.y + wide.right.height);
  expect(wide.whole.width).toBeCloseTo(wide.right.x + wide.right.width - wide.left.x, 0);

  await page.setViewportSize({ width: 360, height: 800 });
  const narrow = await boxes();
  const column = [narrow.left, narrow.right, narrow.below, narrow.whole];
  expect(new Set(column.map(({ width }) => Math.round(width))).size).toBe(1);
  expect(column.map(({ y }) => y)).toEqual(column.map(({ y }) => y).toSorted((a, b) => a - b));
});

test("a missing page is 404 and a forbidden page is 403, both with an explanation", async ({ page, server, expectedMessages }) => {
  expectedMessages.push(/status of 404/, /status of 403/);
  const grace = await server.person("Grace Hopper", "power");
  await signIn(page, grace);
  for (const path of ["/dashboards/AAAAAAAAAAE", "/dashboards/nonsense", "/nowhere"]) {
    const response = await page.goto(path);
    expect(response?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("link", { name: /dashboards/ }).last()).toBeVisible();
  }
  const response = await page.goto("/tokens");
  expect(response?.status()).toBe(403);
  await expect(page.getByRole("alert")).not.toBeEmpty();
});
