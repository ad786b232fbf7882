// Copy without the Clipboard API: over plain http, on a host name other than localhost.

import type { Page } from "@playwright/test";

import { PLAIN_HTTP_NAME } from "../../support/names.ts";
import type { Server } from "../../support/server.ts";
import { expect, test, waitForHydration } from "../../support/story.ts";
import { expectAbsent, fillSignIn, generate, openAccountSettings, readToken, revealed, SHOW, SNIPPETS, snippetsOf } from "../../support/steps.ts";

test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, "copying requires scripts");

test.use({ baseURL: async ({ server }, use) => use(`http://${PLAIN_HTTP_NAME}:${new URL(server.baseURL).port}`) });

/** Signs in as a new user and opens Account Settings. */
async function openAccount(page: Page, server: Server): Promise<void> {
  const person = await server.person("Grace Hopper", "usage");
  await page.goto("/signin");
  await fillSignIn(page, person);
  await openAccountSettings(page, person);
}

/** Makes `document.execCommand` fail. */
async function breakExecCommand(page: Page): Promise<void> {
  await page.addInitScript(() => {
    document.execCommand = () => false;
  });
}

/** Returns the clipboard's text by pasting it into a field. */
async function paste(page: Page): Promise<string> {
  const field = page.getByLabel("Name (optional)");
  await field.fill("");
  await field.press("ControlOrMeta+V");
  return field.inputValue();
}

test("without the Clipboard API, Copy uses execCommand and reports success", async ({ page, server }) => {
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

/** Like `paste`, into a text area, which keeps line breaks. */
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

test("execCommand copies a snippet of several lines with its line breaks", async ({ page, server }) => {
  await openAccount(page, server);
  const panel = await generate(page, "over the LAN");
  const token = await readToken(panel);
  await panel.getByText(SNIPPETS).click();
  await panel.getByRole("group", { name: TERRAFORM }).getByRole("button", { name: "Copy" }).click();
  await expect(panel.getByRole("status")).toHaveText("Copied to the clipboard");
  await expectAbsent(page, token);
  expect(await pasteLines(page)).toBe(snippetsOf(token, new URL(page.url()).origin)[TERRAFORM]);
});

test("if execCommand fails too, the snippet is revealed and selected", async ({ page, server }) => {
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

test("if execCommand fails too, the token is revealed and selected, and Ctrl+C copies it", async ({ page, server }) => {
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

  // The token was copied manually, so leaving does not ask for confirmation.
  const dialogs: string[] = [];
  page.on("dialog", async (dialog) => {
    dialogs.push(dialog.type());
    await dialog.accept();
  });
  await page.getByRole("link", { name: "Countersign" }).click();
  await expect(page.getByRole("heading", { name: "Dashboards", level: 1 })).toBeVisible();
  expect(dialogs).toEqual([]);
});

test("a Clipboard API that rejects the write is not reported as success", async ({ page, server, registerSecret }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", { value: { writeText: () => Promise.reject(new Error("rejected")) } });
  });
  await openAccount(page, server);
  await waitForHydration(page);
  const panel = await generate(page, "rejected");
  await panel.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(panel.getByRole("status")).toHaveText("Copied to the clipboard");
  const token = await paste(page);
  registerSecret(token);
  await panel.getByRole("button", { name: SHOW }).click();
  await expect(revealed(panel)).toHaveValue(token);
});
