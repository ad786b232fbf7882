// Automated checks of WCAG 2.2 AA, in light and dark colour schemes, on wide and narrow screens.

import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The colour scheme and window width of a check. */
export interface Appearance {
  colorScheme: "light" | "dark";
  width: number;
}

/** Fails on any violation, and if the page scrolls horizontally. Requires scripts, because axe runs in the page. */
export async function expectAccessible(page: Page): Promise<void> {
  const before = page.viewportSize();
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1280, 360]) await checkAppearance(page, { colorScheme, width });
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
}

/** The same check in one appearance. The page keeps that appearance afterwards. */
export async function checkAppearance(page: Page, { colorScheme, width }: Appearance): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width, height: 800 });
  // A control that the sticky header covers in part would count as too small.
  await page.evaluate(() => window.scrollTo(0, 0));
  // The results of a page without frames need no second page to be gathered in, which takes most of the time.
  await expect(page.locator("iframe")).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).setLegacyMode().analyze();
  const messages = violations.map(({ help, nodes }) => `${help}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
  expect(messages, `${page.url()} in ${colorScheme}, ${width} pixels wide`).toEqual([]);
  const needed = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(needed, `${page.url()} does not scroll horizontally at ${width} pixels`).toBeLessThanOrEqual(width);
}
