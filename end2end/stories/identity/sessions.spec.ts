// Sessions: listed on Account Settings and ended there one by one, by their user or by an administrator.

import { expect, test } from "../../support/story.ts";
import { openAccountSettings, signIn } from "../../support/steps.ts";

test("a user sees their sessions and ends another one", async ({ page, server, anotherBrowser }) => {
  const person = await server.person("Grace Hopper", "usage");
  const other = await anotherBrowser();
  await signIn(other, person);
  await signIn(page, person);
  await openAccountSettings(page, person);
  const browsers = page.getByRole("region", { name: "Signed-in browsers" });
  await expect(browsers.getByRole("listitem")).toHaveCount(2);
  await expect(browsers.getByRole("listitem").filter({ hasText: "This one" })).toHaveCount(1);
  const end = browsers.getByRole("button", { name: "End", exact: true });
  await expect(end).toHaveAccessibleDescription(/Chrome \d+ on Linux.*Since .* from 127\.0\.0\.1.*Last used \d+ \w+ \d+/);
  await expect(browsers.getByRole("listitem").filter({ hasText: "This one" })).toContainText("Last used");

  await end.click();
  const question = page.getByRole("dialog", { name: "End this session?" });
  await expect(question.getByRole("term").filter({ hasText: "Last used" })).toBeVisible();
  await question.getByRole("link", { name: "Keep it" }).click();
  await expect(browsers.getByRole("listitem")).toHaveCount(2);
  await end.click();
  await question.getByRole("button", { name: "End session" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The session was ended" })).toBeVisible();
  await expect(browsers.getByRole("listitem")).toHaveCount(1);

  await other.goto("/account");
  await expect(other.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("an administrator ends one session of a user", async ({ page, server, administrator, anotherBrowser }) => {
  const person = await server.person("Karen Spärck Jones", "usage");
  const karenPage = await anotherBrowser();
  await signIn(karenPage, person);
  await signIn(page, administrator);
  await page.goto(`/organization?q=${encodeURIComponent(person.email)}`);
  await page.getByRole("table").getByRole("link", { name: person.name }).click();
  const browsers = page.getByRole("region", { name: "Signed-in browsers" });
  await expect(browsers.getByRole("listitem")).toContainText("Last used");
  await browsers.getByRole("button", { name: "End", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End session" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The session was ended" })).toBeVisible();
  await expect(browsers.getByText("Not signed in anywhere.")).toBeVisible();
  await karenPage.goto("/account");
  await expect(karenPage.getByRole("heading", { name: "Sign in" })).toBeVisible();
});
