// The first start: a single-use link creates the first administrator.

import { expect, test } from "../../support/story.ts";
import { fillSignIn, openAccountSettings, openProfile } from "../../support/steps.ts";

const ADA = { name: "Ada Lovelace", email: "ada@example.com", password: "nothing to do with engines" };

test("the first administrator names the organization and chooses a password", async ({ page, emptyServer, registerSecret }) => {
  registerSecret(ADA.password);
  await page.goto(`${emptyServer.baseURL}/signin`);
  await expect(page.getByRole("note")).toContainText("has not been set up yet");

  await page.goto(emptyServer.setupLink);
  await expect(page.getByLabel("Organization name")).toBeFocused();
  await page.getByLabel("Organization name").fill("Analytical Engines");
  await page.getByLabel("Your name").fill(ADA.name);
  await page.getByLabel("Email").fill(ADA.email);
  const password = page.getByLabel("Password");
  await password.fill("too short");
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page.getByRole("alert")).toContainText("15 characters");
  await expect(password).toHaveAttribute("aria-invalid", "true");
  await expect(password).toHaveValue("");
  await expect(page.getByLabel("Organization name")).toHaveValue("Analytical Engines");
  await expect(page.getByLabel("Your name")).toHaveValue(ADA.name);
  await expect(page.getByLabel("Email")).toHaveValue(ADA.email);

  await password.fill(ADA.password);
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page.getByRole("status")).toHaveText("Countersign is set up. Sign in to begin.");
  await fillSignIn(page, ADA);
  await expect(page.getByText("No dashboards yet")).toBeVisible();
  await openAccountSettings(page, { ...ADA, role: "admin" });
  const profile = page.getByRole("region", { name: "Profile" });
  await expect(profile).toContainText("Analytical Engines");
  await expect(profile).toContainText("Administrator");
  await openProfile(page, { ...ADA, role: "admin" });
  await expect(page.getByRole("link", { name: "User tokens" })).toBeVisible();
});

test("a used set-up link is explained and creates no administrator", async ({ page, emptyServer, anotherBrowser }) => {
  const late = await anotherBrowser();
  await late.goto(emptyServer.setupLink);
  await page.goto(emptyServer.setupLink);
  for (const [browser, email] of [[page, "first@example.com"], [late, "late@example.com"]] as const) {
    await expect(browser.getByLabel("Organization name")).toBeFocused();
    await browser.getByLabel("Organization name").fill("Analytical Engines");
    await browser.getByLabel("Your name").fill("Ada Lovelace");
    await browser.getByLabel("Email").fill(email);
    await browser.getByLabel("Password").fill(ADA.password);
    await browser.getByRole("button", { name: "Set up" }).click();
  }
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(late.getByText("This set-up link has been used")).toBeVisible();
  await expect(late.getByLabel("Password")).toHaveCount(0);
  await late.getByRole("link", { name: "Sign in" }).click();
  await fillSignIn(late, { email: "late@example.com", password: ADA.password });
  await expect(late.getByRole("alert")).toHaveText("The email or the password is wrong.");
});

test("an unknown set-up link is explained", async ({ page, emptyServer }) => {
  await page.goto(`${emptyServer.baseURL}/setup?claim=made-up`);
  await expect(page.getByText("This set-up link has been used")).toBeVisible();
  await expect(page.getByText("Restart the server: it prints a new link.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Set up" })).toHaveCount(0);
});
