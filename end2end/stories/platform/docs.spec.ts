// The API documentation page, without an account.

import { expect, test } from "../../support/story.ts";

test("a visitor reads the requests and responses of an operation", async ({ page }) => {
  await page.goto("/docs");
  await page.getByText("Create a dashboard", { exact: true }).click();
  const operation = page.locator("#post_dashboard");
  await expect(operation.getByText("The body is larger than 1 MiB")).toBeVisible();
  await operation.getByRole("link", { name: "DashboardToCreate" }).click();
  await expect(page.locator("#shape-DashboardToCreate").getByText("chartDensity")).toBeVisible();
});
