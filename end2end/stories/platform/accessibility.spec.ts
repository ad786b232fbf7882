// Accessibility of every page: WCAG checks in both colour schemes, reflow down to 320 pixels, titles and target sizes.

import type { Page } from "@playwright/test";

import { expect, test } from "../../support/story.ts";
import { smallTargets } from "../../support/targets.ts";
import { everyView } from "../../support/views.ts";

test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, "the checks run as scripts in the page");

test("every page passes the accessibility checks", async ({ page, server, administrator, emptyServer, checkAccessibility, expectedMessages }) => {
  expectedMessages.push(/status of 400/, /status of 404/, /status of 403/);
  test.setTimeout(600_000);
  for await (const view of everyView(page, { server, administrator, emptyServer })) {
    await test.step(view, () => checkAccessibility(page));
  }
});

/** Buttons with one word that wraps onto two lines. */
const wrappedButtons = (page: Page) =>
  page.locator("button").evaluateAll((buttons: HTMLElement[]) =>
    buttons
      .filter((button) => !button.innerText.trim().includes(" ") && button.offsetHeight > 48)
      .map((button) => button.innerText),
  );

/** Cell labels in the card layout of a table that overlap their value or overflow their cell. */
const overlappingLabels = (page: Page) =>
  page.locator("td[data-label]").evaluateAll((cells: HTMLElement[]) => {
    const pen = document.createElement("canvas").getContext("2d")!;
    const width = (word: string) => pen.measureText(word).width;
    return cells
      .filter((cell) => cell.checkVisibility())
      .filter((cell) => {
        const label = getComputedStyle(cell, "::before");
        pen.font = label.font;
        pen.letterSpacing = label.letterSpacing === "normal" ? "0px" : label.letterSpacing;
        const longest = Math.max(...cell.dataset.label!.split(" ").map(width));
        const room = parseFloat(getComputedStyle(cell).paddingLeft);
        // The label's left edge relative to the value. A float does not overlap.
        const start = label.position === "absolute" ? -room : parseFloat(label.marginLeft);
        const fits = longest <= parseFloat(label.width) - parseFloat(label.paddingRight) + 0.5;
        return start < 0 && (start < -room || !fits || (label.float === "none" && start + longest > -2));
      })
      .map((cell) => cell.dataset.label);
  });

/** Applies or removes wide text spacing (WCAG 1.4.12), with a constructed style sheet, which the page's CSP allows. */
const setTextSpacing = (page: Page, wide: boolean) =>
  page.evaluate((wide) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }");
    document.adoptedStyleSheets = wide ? [sheet] : [];
  }, wide);

/** Fails if the page scrolls horizontally, wraps a one-word button or overlaps a label at any width, also with wide text spacing. */
async function expectFits(page: Page, view: string): Promise<void> {
  for (const width of [320, 640, 800, 961, 1025, 1100, 1279, 3840, 1280]) {
    await page.setViewportSize({ width, height: 640 });
    const needed = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(needed, `${view}, ${width} pixels wide`).toBeLessThanOrEqual(width);
    expect(await wrappedButtons(page), `${view}, ${width} pixels wide`).toEqual([]);
    expect(await overlappingLabels(page), `${view}, ${width} pixels wide`).toEqual([]);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  await setTextSpacing(page, true);
  const needed = await page.evaluate(() => document.documentElement.scrollWidth);
  expect.soft(needed, `${view}, with wide text spacing`).toBeLessThanOrEqual(320);
  expect(await overlappingLabels(page), `${view}, with wide text spacing`).toEqual([]);
  await setTextSpacing(page, false);
}

/** Fails if a click target is smaller than 24 by 24 pixels. */
async function expectLargeTargets(page: Page, view: string): Promise<void> {
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    expect.soft(await smallTargets(page), `${view}, ${width} pixels wide`).toEqual([]);
  }
}

/** Not-found views: all of them show the same page. */
const NOT_FOUND = /not-found$/;

// One story, because visiting every page takes longer than the checks.
test("every page fits every width, has large click targets and a title of its own", async ({ page, server, administrator, emptyServer, expectedMessages }) => {
  expectedMessages.push(/status of 400/, /status of 404/, /status of 403/);
  test.setTimeout(900_000);
  const pathByTitle = new Map<string, string>();
  for await (const view of everyView(page, { server, administrator, emptyServer })) {
    await expectFits(page, view);
    await expectLargeTargets(page, view);
    const title = await page.title();
    expect.soft(title, view).toMatch(/^.+ · Countersign$/);
    if (NOT_FOUND.test(view)) continue;
    const { pathname } = new URL(page.url());
    const before = pathByTitle.get(title) ?? pathname;
    expect.soft(pathname, `${view} has the title of another page: ${title}`).toBe(before);
    pathByTitle.set(title, before);
  }
});
