// WCAG 2.2 AA, as far as a program can tell: in light and in dark, wide and narrow.

import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** How a page is looked at. */
export interface Appearance {
  colorScheme: "light" | "dark";
  width: number;
}

/** Fails with every violation on this page, and when it scrolls sideways. For stories with scripts on: axe is one. */
export async function expectAccessible(page: Page): Promise<void> {
  const before = page.viewportSize();
  for (const colorScheme of ["light", "dark"] as const) {
    for (const width of [1280, 360]) await checkAppearance(page, { colorScheme, width });
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
}

/** The same in one of these looks, in which the page stays. */
export async function checkAppearance(page: Page, { colorScheme, width }: Appearance): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width, height: 800 });
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const messages = violations.map(({ help, nodes }) => `${help}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
  expect(messages, `${page.url()} in ${colorScheme}, ${width} pixels wide`).toEqual([]);
  const needed = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(needed, `${page.url()} needs no sideways scrolling at ${width} pixels`).toBeLessThanOrEqual(width);
}
