// The reader's own few colours instead of ours (forced colours): where one is, what is chosen and which way a list is
// sorted are still told apart.

import { join } from "node:path";

import type { Locator, Page } from "@playwright/test";

import { expect, test } from "../support/story.ts";
import { createDashboard, row, signIn } from "../support/steps.ts";

/** How a part looks, as far as these pages set it. */
const looks = (part: Locator, pseudo?: "::after") =>
  part.evaluate((element, pseudo) => {
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

/** What a system colour is there. */
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

test("in the reader's own colours, what is current, chosen or sorted is told apart", async ({ page, server, administrator }, info) => {
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
  expect((await looks(current)).background).not.toBe((await looks(other)).background);
  expect((await looks(current)).color).not.toBe((await looks(current)).background);
  await picture("navigation");

  await page.goto(`/dashboards?sort=-name&q=${encodeURIComponent(name)}`);
  const actions = row(page, name).getByRole("button", { name: "Actions" });
  const arrow = await looks(actions, "::after");
  expect(arrow.edges[0]).not.toBe(TRANSPARENT);
  expect([arrow.edges[1], arrow.edges[3]], "only the arrow is seen, not the square around it").toEqual([TRANSPARENT, TRANSPARENT]);
  const head = (title: string) => page.getByRole("columnheader", { name: title, exact: true }).getByRole("link");
  const [sorted, unsorted] = [await looks(head("Name"), "::after"), await looks(head("By"), "::after")];
  expect([sorted.opacity, unsorted.opacity]).toEqual(["1", "0"]);
  expect(sorted.edges[2]).not.toBe(TRANSPARENT);
  expect([sorted.edges[1], sorted.edges[3]]).toEqual([TRANSPARENT, TRANSPARENT]);
  await head("Name").focus();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Tab");
  expect((await looks(head("Name"))).outline).toBe(`2px solid ${highlight}`);
  await picture("list");
  await page.goto(`/dashboards?sort=name&q=${encodeURIComponent(name)}`);
  expect((await looks(head("Name"), "::after")).transform, "the other way round it points the other way").not.toBe(sorted.transform);

  await page.goto("/organization");
  const tabs = page.getByRole("navigation", { name: "Organization" });
  const [here, beside] = [await looks(tabs.getByRole("link", { name: "Members" })), await looks(tabs.getByRole("link", { name: "Invitations" }))];
  expect(here.edges[2]).toBe(highlight);
  expect(beside.edges[2]).not.toBe(highlight);
  await picture("tabs");

  await page.goto("/account");
  const theme = (name: string) => page.getByRole("group", { name: "Theme" }).getByRole("button", { name, exact: true });
  const [chosen, offered] = [await looks(theme("System")), await looks(theme("Dark"))];
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
