// A dashboard is exported, and imported from the document that was downloaded.

import { readFile } from "node:fs/promises";

import { expect, test } from "../../support/story.ts";
import { chooseAction, createDashboard, signIn } from "../../support/steps.ts";

test("a dashboard is exported and imported again", async ({ page, server }) => {
  const grace = await server.person("Grace Hopper", "power");
  const name = `Exported ${grace.email}`;
  const token = await server.sessionToken(grace);
  await createDashboard(server, token, name);
  await signIn(page, grace);
  await page.goto(`/dashboards?q=${encodeURIComponent(name)}`);
  await page.getByRole("rowheader").getByRole("link", { name }).click();
  const downloading = page.waitForEvent("download");
  await chooseAction(page, name, "Export");
  const file = await (await downloading).path();
  await page.goto("/dashboards");
  await page.getByRole("link", { name: "Import", exact: true }).click();
  await page.getByLabel("Document").fill(await readFile(file, "utf8"));
  await page.getByRole("button", { name: "Import" }).click();
  await expect(page.getByText(`The dashboard ${name} is imported.`)).toBeVisible();
});
