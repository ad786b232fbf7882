// Every time is shown twice: as a timestamp in UTC, and relative to now.

import { expect, test } from "../../support/story.ts";
import { createDashboard, GENERATE, openAccountSettings, row, signIn } from "../../support/steps.ts";

const TIMESTAMP = String.raw`\d+ \w{3} \d{4}, \d\d:\d\d UTC`;
const AGO = String.raw`(now|less than a minute ago|\d+ minutes? ago)`;
const AS_OF = new RegExp(`^Relative times are as of ${TIMESTAMP}\\.$`);

test("the list of tokens shows timestamps and relative times", async ({ page, server, checkAccessibility }) => {
  const grace = await server.person("Grace Hopper", "power");
  const token = await server.sessionToken(grace);
  expect((await server.api(token).get("/v2/team")).status).toBe(200);
  await signIn(page, grace);
  await openAccountSettings(page, grace);
  const listed = row(page, `${token.slice(0, 8)}…${token.slice(-4)}`);
  await expect(listed.getByRole("cell", { name: new RegExp(`^${TIMESTAMP} ${AGO}$`) })).toBeVisible();
  await expect(listed.getByRole("cell", { name: /^on \d+ \w{3} \d{4} in 29 days$/ })).toBeVisible();
  await expect(listed.locator("time").first()).toHaveText(new RegExp(`^${TIMESTAMP}$`));
  await expect(page.getByText(AS_OF)).toBeVisible();
  await checkAccessibility(page);
});

test("a newly generated token shows both too", async ({ page, server, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, "without scripts the page is reloaded");
  const grace = await server.person("Grace Hopper", "power");
  await signIn(page, grace);
  await openAccountSettings(page, grace);
  await page.getByLabel("Name (optional)").fill("deploy");
  await page.getByRole("button", { name: GENERATE }).click();
  await expect(row(page, "deploy").getByText("in 30 days")).toBeVisible();
  await expect(row(page, "deploy").locator("time").first()).toHaveText(new RegExp(`^${TIMESTAMP}$`));
});

test("Info shows how long ago an object was created", async ({ page, server }) => {
  const grace = await server.person("Grace Hopper", "power");
  const id = await createDashboard(server, await server.sessionToken(grace), "Latency", []);
  await signIn(page, grace);
  await page.goto(`/dashboards/${id}?show=info`);
  const created = page.getByRole("dialog").getByRole("region", { name: "Created" });
  await expect(created).toContainText(new RegExp(`${TIMESTAMP} ${AGO}`));
});

test("a page without relative times shows no reference time", async ({ page, server }) => {
  await signIn(page, await server.person("Grace Hopper", "power"));
  await page.goto("/dashboards?q=nothing+like+it");
  await expect(page.getByText(AS_OF)).toBeHidden();
});
