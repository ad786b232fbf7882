// No barriers: every page, in light and in dark, wide and narrow, down to 320 pixels.

import type { Page } from "@playwright/test";

import { expect, test } from "../support/story.ts";
import { everyView } from "../support/views.ts";

test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, "what looks for barriers is itself a script");

test("no page has a barrier", async ({ page, server, administrator, emptyServer, checkAccessibility, expectedMessages }) => {
  expectedMessages.push(/status of 400/, /status of 404/, /status of 403/);
  test.setTimeout(600_000);
  for await (const view of everyView(page, { server, administrator, emptyServer })) {
    await test.step(view, () => checkAccessibility(page));
  }
});

/** Buttons of one word that stand on two lines. */
const broken = (page: Page) =>
  page.locator("button").evaluateAll((buttons: HTMLElement[]) =>
    buttons
      .filter((button) => !button.innerText.trim().includes(" ") && button.offsetHeight > 48)
      .map((button) => button.innerText),
  );

test("no page scrolls sideways or breaks a button's word at any width", async ({ page, server, administrator, emptyServer, expectedMessages }) => {
  expectedMessages.push(/status of 400/, /status of 404/, /status of 403/);
  test.setTimeout(300_000);
  for await (const view of everyView(page, { server, administrator, emptyServer })) {
    for (const width of [320, 640, 800, 961, 1100, 3840, 1280]) {
      await page.setViewportSize({ width, height: 640 });
      const needed = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(needed, `${view}, ${width} pixels wide`).toBeLessThanOrEqual(width);
      expect(await broken(page), `${view}, ${width} pixels wide`).toEqual([]);
    }
  }
});
