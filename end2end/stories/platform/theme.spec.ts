// The theme, light or dark: stored per browser, for every page, independent of the signed-in user.

import type { Page } from "@playwright/test";

import { expect, test } from "../../support/story.ts";
import { openAccountSettings, signIn, signOut } from "../../support/steps.ts";

// Other stories run without transitions between pages.
test.use({ contextOptions: { reducedMotion: "no-preference" } });

const LIGHT = "rgb(251, 251, 250)";
const DARK = "rgb(20, 23, 26)";

const expectBackground = (page: Page, color: string) => expect(page.locator("html")).toHaveCSS("background-color", color);

test("a theme is chosen with one click, persists, and applies to signed-out pages too", async ({ page, server, anotherBrowser }) => {
  const person = await server.person("Grace Hopper", "usage");
  await page.emulateMedia({ colorScheme: "light" });
  await signIn(page, person);
  await openAccountSettings(page, person);
  await expectBackground(page, LIGHT);
  const choice = (name: string) => page.getByRole("group", { name: "Theme" }).getByRole("button", { name, exact: true });
  await expect(choice("System")).toHaveAttribute("aria-pressed", "true");

  await choice("Dark").click();
  await expect(page.getByRole("status").filter({ hasText: "The theme is changed in this browser." })).toBeVisible();
  await expect(choice("Dark")).toHaveAttribute("aria-pressed", "true");
  await expect(choice("System")).toHaveAttribute("aria-pressed", "false");
  await expectBackground(page, DARK);
  await page.goto("/dashboards");
  await expectBackground(page, DARK);
  await signOut(page, person);
  await expectBackground(page, DARK);

  const other = await anotherBrowser();
  await other.emulateMedia({ colorScheme: "light" });
  await signIn(other, person);
  await expectBackground(other, LIGHT);

  await signIn(page, person);
  await page.emulateMedia({ colorScheme: "dark" });
  await openAccountSettings(page, person);
  await choice("Light").click();
  await expectBackground(page, LIGHT);
  await choice("System").click();
  await expectBackground(page, DARK);
});
