// Copy where the browser offers no Clipboard API: over plain http on a name that is not localhost.

import type { Page } from "@playwright/test";

import { PLAIN_HTTP_NAME } from "../support/names.ts";
import type { Server } from "../support/server.ts";
import { waitForHydration, expect, test } from "../support/story.ts";
import { expectAbsent, fillSignIn, generate, openAccountSettings, revealed, SHOW, SNIPPETS, snippetsOf, readToken } from "../support/steps.ts";

test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, "Copy is a script");

test.use({ baseURL: async ({ server }, use) => use(`http://${PLAIN_HTTP_NAME}:${new URL(server.baseURL).port}`) });

/** Signs somebody in and opens their Account Settings. */
async function openAccount(page: Page, server: Server): Promise<void> {
  const person = await server.person("Grace Hopper", "usage");
  await page.goto("/signin");
  await fillSignIn(page, person);
  await openAccountSettings(page, person);
}

/** A browser in which the older command fails. */
async function breakExecCommand(page: Page): Promise<void> {
  await page.addInitScript(() => {
    document.execCommand = () => false;
  });
}

/** What a person finds on the clipboard: they paste it. */
async function paste(page: Page): Promise<string> {
  const field = page.getByLabel("Name (optional)");
  await field.fill("");
  await field.press("ControlOrMeta+V");
  return field.inputValue();
}

test("without the Clipboard API, Copy uses the older command and says so when it is done", async ({ page, server }) => {
  await openAccount(page, server);
  expect(await page.evaluate(() => "clipboard" in navigator)).toBe(false);
  const panel = await generate(page, "over the LAN");
  const token = await readToken(panel);
  const copy = panel.getByRole("button", { name: "Copy", exact: true });
  await copy.click();
  await expect(panel.getByRole("status")).toHaveText("Copied to the clipboard");
  await expect(panel.getByRole("button", { name: "Copied", exact: true })).toBeFocused();
  await expectAbsent(page, token);
  expect(await paste(page)).toBe(token);
});

/** The same of several lines, which the name of a token cannot hold. */
async function pasteLines(page: Page): Promise<string> {
  const area = page.locator("#pasted");
  await page.evaluate(() => {
    document.getElementById("pasted")?.remove();
    document.body.append(Object.assign(document.createElement("textarea"), { id: "pasted" }));
  });
  await area.focus();
  await area.press("ControlOrMeta+V");
  return area.inputValue();
}

const TERRAFORM = "In a Terraform file";

test("several lines are copied as several lines by the older command", async ({ page, server }) => {
  await openAccount(page, server);
  const panel = await generate(page, "over the LAN");
  const token = await readToken(panel);
  await panel.getByText(SNIPPETS).click();
  await panel.getByRole("group", { name: TERRAFORM }).getByRole("button", { name: "Copy" }).click();
  await expect(panel.getByRole("status")).toHaveText("Copied to the clipboard");
  await expectAbsent(page, token);
  expect(await pasteLines(page)).toBe(snippetsOf(token, new URL(page.url()).origin)[TERRAFORM]);
});

test("where the older command fails too, several lines are revealed and selected", async ({ page, server }) => {
  await breakExecCommand(page);
  await openAccount(page, server);
  const panel = await generate(page, "over the LAN");
  const token = await readToken(panel);
  await panel.getByText(SNIPPETS).click();
  const snippet = panel.getByRole("group", { name: TERRAFORM });
  await snippet.getByRole("button", { name: "Copy" }).click();
  await expect(panel.getByRole("status").filter({ hasText: "Press Ctrl+C" })).toBeVisible();
  await expect(snippet.getByRole("textbox")).toBeFocused();
  await page.keyboard.press("ControlOrMeta+C");
  await expect(panel.getByRole("status").filter({ hasText: "Copied to the clipboard" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expectAbsent(page, token);
  expect(await pasteLines(page)).toBe(snippetsOf(token, new URL(page.url()).origin)[TERRAFORM]);
});

test("where the older command fails too, the token is revealed and selected, and Ctrl+C does it", async ({ page, server }) => {
  await breakExecCommand(page);
  await openAccount(page, server);
  const panel = await generate(page, "over the LAN");
  await panel.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(panel.getByRole("status").filter({ hasText: "Press Ctrl+C" })).toBeVisible();
  await expect(panel.getByRole("button", { name: "Copied" })).toHaveCount(0);
  const field = revealed(panel);
  await expect(field).toBeFocused();
  const token = await field.inputValue();
  await page.keyboard.press("ControlOrMeta+C");
  await expect(panel.getByRole("status").filter({ hasText: "Copied to the clipboard" })).toBeVisible();
  await panel.getByRole("button", { name: "Hide", exact: true }).click();
  await expect(panel.getByText("Press Ctrl+C")).toHaveCount(0);
  await expectAbsent(page, token);
  expect(await paste(page)).toBe(token);

  // It was copied by hand, so that leaving loses nothing.
  const dialogs: string[] = [];
  page.on("dialog", async (dialog) => {
    dialogs.push(dialog.type());
    await dialog.accept();
  });
  await page.getByRole("link", { name: "Countersign" }).click();
  await expect(page.getByRole("heading", { name: "Dashboards", level: 1 })).toBeVisible();
  expect(dialogs).toEqual([]);
});

test("a Clipboard API that refuses is not taken for one that copied", async ({ page, server, registerSecret }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", { value: { writeText: () => Promise.reject(new Error("refused")) } });
  });
  await openAccount(page, server);
  await waitForHydration(page);
  const panel = await generate(page, "refused");
  await panel.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(panel.getByRole("status")).toHaveText("Copied to the clipboard");
  const token = await paste(page);
  registerSecret(token);
  await panel.getByRole("button", { name: SHOW }).click();
  await expect(revealed(panel)).toHaveValue(token);
});
