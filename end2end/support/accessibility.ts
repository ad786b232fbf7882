// Automated checks of WCAG 2.2 AA: in the light colour scheme on a wide screen, and in the dark one on a narrow screen.

import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The colour scheme and window width of a check. */
export interface Appearance {
  colorScheme: "light" | "dark";
  width: number;
}

/** Colours follow the scheme and layout the width, so two checks see each once. A check takes about a second. */
const APPEARANCES: Appearance[] = [
  { colorScheme: "light", width: 1280 },
  { colorScheme: "dark", width: 360 },
];

/** Fails on any violation, and if the page scrolls horizontally. Requires scripts, because axe runs in the page. */
export async function expectAccessible(page: Page): Promise<void> {
  const before = page.viewportSize();
  for (const appearance of APPEARANCES) await checkAppearance(page, appearance);
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
}

/** The same check in one appearance. The page keeps that appearance afterwards. */
export async function checkAppearance(page: Page, { colorScheme, width }: Appearance): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width, height: 800 });
  // A control that the sticky header covers in part would count as too small.
  await page.evaluate(() => window.scrollTo(0, 0));
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const messages = violations.map(({ help, nodes }) => `${help}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
  expect(messages, `${page.url()} in ${colorScheme}, ${width} pixels wide`).toEqual([]);
  const needed = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(needed, `${page.url()} does not scroll horizontally at ${width} pixels`).toBeLessThanOrEqual(width);
}
