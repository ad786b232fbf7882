// Forced colours mode: the current page, the selected option and the sort order stay distinguishable.

import { join } from "node:path";

import type { Locator, Page } from "@playwright/test";

import { expect, test } from "../../support/story.ts";
import { createDashboard, row, signIn } from "../../support/steps.ts";

/** The computed styles of an element that these checks use. */
const stylesOf = (element: Locator, pseudo?: "::after") =>
  element.evaluate((element, pseudo) => {
    const style = getComputedStyle(element, pseudo);
    const sides = ["top", "right", "bottom", "left"];
    return {
      background: style.backgroundColor,
      color: style.color,
      edges: sides.map((side) => style.getPropertyValue(`border-${side}-color`)),
      opacity: style.opacity,
      outline: `${style.outlineWidth} ${style.outlineStyle} ${style.outlineColor}`,
      transform: style.transform,
    };
  }, pseudo);

/** The computed value of a system colour. */
const systemColor = (page: Page, name: string) =>
  page.evaluate((name) => {
    const probe = document.body.appendChild(document.createElement("i"));
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`body > i { forced-color-adjust: none; color: ${name} }`);
    document.adoptedStyleSheets = [sheet];
    const color = getComputedStyle(probe).color;
    document.adoptedStyleSheets = [];
    probe.remove();
    return color;
  }, name);

const TRANSPARENT = "rgba(0, 0, 0, 0)";

test("in forced colours, current, selected and sorted elements are distinguishable", async ({ page, server, administrator }, info) => {
  const name = `Checkout latency of ${(await server.person("Grace Hopper", "power")).email}`;
  await createDashboard(server, await server.sessionToken(administrator), name);
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce", colorScheme: "light" });
  const picture = async (view: string) => {
    for (const colorScheme of ["dark", "light"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(info.project.outputDir, "screens", `forced-${view}-${colorScheme}.png`), animations: "disabled" });
    }
  };
  await signIn(page, administrator);
  const highlight = await systemColor(page, "Highlight");

  await page.getByRole("button", { name: "Menu" }).click();
  const navigation = page.getByRole("navigation", { name: "Main" });
  const [current, other] = [navigation.getByRole("link", { name: "Dashboards" }), navigation.getByRole("link", { name: "Teams" })];
  await expect(current).toHaveAttribute("aria-current", "page");
  expect((await stylesOf(current)).background).not.toBe((await stylesOf(other)).background);
  expect((await stylesOf(current)).color).not.toBe((await stylesOf(current)).background);
  await picture("navigation");

  await page.goto(`/dashboards?sort=-name&q=${encodeURIComponent(name)}`);
  const actions = row(page, name).getByRole("button", { name: "Actions" });
  const arrow = await stylesOf(actions, "::after");
  expect(arrow.edges[0]).not.toBe(TRANSPARENT);
  expect([arrow.edges[1], arrow.edges[3]], "only the arrow is visible, not the square around it").toEqual([TRANSPARENT, TRANSPARENT]);
  const head = (title: string) => page.getByRole("columnheader", { name: title, exact: true }).getByRole("link");
  const [sorted, unsorted] = [await stylesOf(head("Name"), "::after"), await stylesOf(head("By"), "::after")];
  expect([sorted.opacity, unsorted.opacity]).toEqual(["1", "0"]);
  expect(sorted.edges[2]).not.toBe(TRANSPARENT);
  expect([sorted.edges[1], sorted.edges[3]]).toEqual([TRANSPARENT, TRANSPARENT]);
  await head("Name").focus();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Tab");
  expect((await stylesOf(head("Name"))).outline).toBe(`2px solid ${highlight}`);
  await picture("list");
  await page.goto(`/dashboards?sort=name&q=${encodeURIComponent(name)}`);
  expect((await stylesOf(head("Name"), "::after")).transform, "the arrow points the other way for the other order").not.toBe(sorted.transform);

  await page.goto("/organization");
  const tabs = page.getByRole("navigation", { name: "Organization" });
  const [here, beside] = [await stylesOf(tabs.getByRole("link", { name: "Members" })), await stylesOf(tabs.getByRole("link", { name: "Invitations" }))];
  expect(here.edges[2]).toBe(highlight);
  expect(beside.edges[2]).not.toBe(highlight);
  await picture("tabs");

  await page.goto("/account");
  const theme = (name: string) => page.getByRole("group", { name: "Theme" }).getByRole("button", { name, exact: true });
  const [chosen, offered] = [await stylesOf(theme("System")), await stylesOf(theme("Dark"))];
  expect(chosen.background).not.toBe(offered.background);
  expect(chosen.color).not.toBe(chosen.background);
  await picture("account");

  await page.goto("/usage");
  await picture("usage");

  await page.goto("/integrations/new?type=Webhook");
  await page.getByLabel("Name").fill("Hook");
  await page.getByLabel("URL (optional)").fill("nowhere");
  await page.getByRole("button", { name: "Create integration" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  const [rejected, fine] = [page.getByLabel("URL (optional)"), page.getByLabel("Name")];
  await expect(rejected).toHaveAttribute("aria-invalid", "true");
  await expect(rejected).toHaveCSS("border-top-width", "3px");
  await expect(fine).toHaveCSS("border-top-width", "1px");
  await picture("rejected");
});
