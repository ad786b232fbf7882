// Somebody without an account reads about the API.

import { expect, test } from "../support/story.ts";

test("anybody reads what a call takes and how it may be answered", async ({ page }) => {
  await page.goto("/docs");
  await page.getByText("Create a dashboard", { exact: true }).click();
  const call = page.locator("#post_dashboard");
  await expect(call.getByText("The body is larger than 1 MiB")).toBeVisible();
  await call.getByRole("link", { name: "DashboardToCreate" }).click();
  await expect(page.locator("#shape-DashboardToCreate").getByText("chartDensity")).toBeVisible();
});
