// The page for auditors: reached from the audit log, with what is needed to verify the log elsewhere.

import { expect, test } from "../../support/story.ts";
import { signIn } from "../../support/steps.ts";

test("an administrator finds the public key and the checkpoint", async ({ page, server, administrator }) => {
  await signIn(page, administrator);
  await page.goto("/audit");
  await page.getByRole("link", { name: "Verification" }).click();
  await expect(page.getByRole("heading", { name: "Verification", level: 1 })).toBeVisible();
  const key = await (await fetch(`${server.baseURL}/audit/key`)).text();
  await expect(page.getByLabel("Public key")).toHaveValue(key.trim());
  await expect(page.getByLabel("Checkpoint", { exact: true })).toContainText(key.split("+")[0] ?? key);
  await expect(page.getByText("None that is not confirmed")).toBeVisible();
  const link = page.getByRole("link", { name: "Download the newest checkpoint" });
  await expect(link).toHaveAttribute("href", "/audit/checkpoint");
  const checkpoint = await (await fetch(`${server.baseURL}/audit/checkpoint`)).text();
  expect(checkpoint).toMatch(/^countersign\/[0-9a-f]{16}\n\d+\n[^\n]+\n\n— /);
});

test("other members do not see how the log is verified", async ({ page, server, expectedMessages }) => {
  expectedMessages.push(/status of 403/);
  await signIn(page, await server.person("Grace Hopper", "power"));
  await page.goto("/audit/verification");
  await expect(page.getByText("Only administrators can see how the audit log is verified.")).toBeVisible();
});
