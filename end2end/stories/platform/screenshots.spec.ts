// Takes screenshots of every page for review, in test-results/screens: light and dark, wide and narrow.

import { join } from "node:path";

import { expect, test } from "../../support/story.ts";
import { everyView } from "../../support/views.ts";

test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, "pages look the same without scripts");

test("every page fits its window", async ({ page, server, administrator, emptyServer, expectedMessages }, info) => {
  expectedMessages.push(/status of 400/, /status of 404/, /status of 403/);
  test.setTimeout(600_000);
  // Chromium cannot take a screenshot during a view transition.
  await page.emulateMedia({ reducedMotion: "reduce" });
  for await (const view of everyView(page, { server, administrator, emptyServer })) {
    for (const colorScheme of ["light", "dark"] as const) {
      for (const width of [360, 1280]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: width === 360 ? 740 : 800 });
        const path = join(info.project.outputDir, "screens", `${view}-${colorScheme}-${width}.png`);
        await page.screenshot({ path, animations: "disabled" });
        expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(width);
      }
    }
  }
});
