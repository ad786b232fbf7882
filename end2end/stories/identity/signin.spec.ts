// Sign-in and sign-out: uniform errors, redirects, password change, sign-out everywhere.

import { expect, test } from "../../support/story.ts";
import { fillSignIn, openAccountSettings, signIn } from "../../support/steps.ts";

test("a wrong password and an unknown email are rejected with the same message", async ({ page, server }) => {
  const person = await server.person("Grace Hopper", "usage");
  await page.goto("/signin");
  for (const email of [person.email, "unknown@example.com"]) {
    await fillSignIn(page, { email, password: "certainly not this one" });
    await expect(page.getByRole("alert")).toHaveText("The email or the password is wrong.");
    await expect(page.getByLabel("Email")).toHaveValue(email);
    await expect(page.getByLabel("Password")).toHaveValue("");
    expect(page.url()).toBe(`${server.baseURL}/signin`);
  }
  await page.reload();
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("a signed-out user is redirected to sign-in and then to the requested page", async ({ page, server }) => {
  const person = await server.person("Grace Hopper", "usage");
  for (const path of ["/account", "/dashboards?q=latency&page=2"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await fillSignIn(page, person);
    await expect(page).toHaveURL(path);
    await page.context().clearCookies();
  }
});

test("sign-in never redirects to another site", async ({ page, server }) => {
  const person = await server.person("Grace Hopper", "usage");
  for (const next of ["https://evil.example/", "//evil.example", "/\\evil.example", "/ui/sign-out", "javascript:alert(1)"]) {
    await page.goto(`/signin?next=${encodeURIComponent(next)}`);
    await fillSignIn(page, person);
    await expect(page, next).toHaveURL("/dashboards");
    await page.context().clearCookies();
  }
});

test("Sign out everywhere ends every session and every token", async ({ page, server, anotherBrowser }) => {
  const person = await server.person("Grace Hopper", "usage");
  const token = await server.sessionToken(person);
  const elsewhere = await anotherBrowser();
  await signIn(elsewhere, person);
  await signIn(page, person);
  await openAccountSettings(page, person);
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(page.getByRole("status")).toHaveText("You are signed out everywhere, and all your tokens are ended.");
  expect((await server.api(token).get("/v2/session")).status).toBe(401);
  await elsewhere.reload();
  await expect(elsewhere.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("changing a password requires the old one", async ({ page, server, anotherBrowser, registerSecret }) => {
  const person = await server.person("Grace Hopper", "usage");
  const password = "an entirely different one";
  registerSecret(password);
  await signIn(page, person);
  await openAccountSettings(page, person);
  const change = async (old: string, wanted: string) => {
    await page.getByLabel("Current password").fill(old);
    await page.getByLabel("New password").fill(wanted);
    await page.getByRole("button", { name: "Change password" }).click();
  };
  await change("certainly not this one", password);
  await expect(page.getByRole("alert")).not.toBeEmpty();
  await expect(page.getByLabel("Current password")).toHaveAttribute("aria-invalid", "true");
  await change(person.password, "too short");
  await expect(page.getByRole("alert").first()).toContainText("15 characters");
  await expect(page.getByLabel("New password")).toHaveAttribute("aria-invalid", "true");
  await change(person.password, password);
  await expect(page.getByRole("status").filter({ hasText: "The password is changed." })).toBeVisible();

  const elsewhere = await anotherBrowser();
  await elsewhere.goto("/signin");
  await fillSignIn(elsewhere, person);
  await expect(elsewhere.getByRole("alert")).toHaveText("The email or the password is wrong.");
  await signIn(elsewhere, { ...person, password });
});
