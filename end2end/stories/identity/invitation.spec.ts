// Invitations: a single-use link with which an invited person chooses a password.

import type { Page } from "@playwright/test";

import { expect, test } from "../../support/story.ts";
import { type Person, registerSecret, type Server } from "../../support/server.ts";
import { fillSignIn, openAccountSettings } from "../../support/steps.ts";

const PASSWORD = "a ship in port is safe but idle";

/** Invites a person as this administrator and returns the link. */
async function invite(server: Server, inviter: Person, invitation: { email: string; fullName?: string; admin?: boolean }): Promise<string> {
  const response = await server.api(await server.sessionToken(inviter)).post("/v2/organization/member", invitation);
  expect(response.status, JSON.stringify(response.body)).toBe(200);
  const link = (response.body as { inviteUrl: string }).inviteUrl;
  registerSecret(new URL(link).searchParams.get("claim")!);
  return link;
}

/** An email address that no other story uses: stories share a server. */
const uniqueEmail = (name: string) => `${name}.${crypto.randomUUID()}@example.com`;

/** Expects the page of an invalid link. */
async function expectInvalidLink(page: Page): Promise<void> {
  await expect(page.getByText("This invitation is no longer valid")).toBeVisible();
  await expect(page.getByLabel("Password")).toHaveCount(0);
}

test("an invited person chooses a password and becomes a member", async ({ page, server, administrator, anotherBrowser, checkAccessibility }) => {
  registerSecret(PASSWORD);
  const email = uniqueEmail("grace");
  const link = await invite(server, administrator, { email, fullName: "Grace Hopper" });
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "Accept your invitation" })).toBeVisible();
  await expect(page.getByText(`You will sign in as ${email}.`)).toBeVisible();
  const name = page.getByLabel("Your name");
  await expect(name).toBeFocused();
  await expect(name).toHaveValue("Grace Hopper");
  await checkAccessibility(page);

  await name.fill("Rear Admiral Grace Hopper");
  const password = page.getByLabel("Password");
  await password.fill("too short");
  await page.getByRole("button", { name: "Accept" }).click();
  await expect(page.getByRole("alert")).toContainText("15 characters");
  await expect(password).toHaveAttribute("aria-invalid", "true");
  await expect(password).toHaveValue("");
  await expect(name).toHaveValue("Rear Admiral Grace Hopper");
  await checkAccessibility(page);

  await password.fill(PASSWORD);
  await page.getByRole("button", { name: "Accept" }).click();
  await expect(page.getByRole("status")).toHaveText("You are now a member. Sign in to continue.");
  await fillSignIn(page, { email, password: PASSWORD });
  const member = { name: "Rear Admiral Grace Hopper", email, password: PASSWORD, role: "power" as const };
  await expect(page.getByRole("heading", { name: "Dashboards", level: 1 })).toBeVisible();
  await openAccountSettings(page, member);
  await expect(page.getByRole("region", { name: "Profile" })).toContainText(email);

  const late = await anotherBrowser();
  await late.goto(link);
  await expectInvalidLink(late);
  await checkAccessibility(late);
  await late.getByRole("link", { name: "Sign in" }).click();
  await expect(late.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("an invitation is void once its creator may not invite", async ({ page, server, administrator }) => {
  const leaving = await server.person("Charles Babbage", "admin");
  const link = await invite(server, leaving, { email: uniqueEmail("accomplice"), admin: true });
  await page.goto(link);
  await page.getByLabel("Your name").fill("An accomplice");
  const api = server.api(await server.sessionToken(administrator));
  const found = (await api.get(`/v2/organization/member?query=email:${leaving.email}`)).body as { results: { id: string }[] };
  expect((await api.delete(`/v2/organization/member/${found.results[0]!.id}`)).status).toBe(204);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Accept" }).click();
  await expectInvalidLink(page);
  await page.getByRole("link", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("an unknown invitation link is explained", async ({ page }) => {
  await page.goto("/invitation?claim=made-up");
  await expectInvalidLink(page);
  await expect(page.getByText("Ask an administrator to invite you again.")).toBeVisible();
});
