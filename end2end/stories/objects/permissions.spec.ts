// Permissions: who may read and write, edited in a form that previews the changes.

import { expect, test } from "../../support/story.ts";
import { chooseAction, createDashboard, createDetector, signIn } from "../../support/steps.ts";

test("permissions are saved after a preview of the changes", async ({ page, server, administrator, anotherBrowser, expectedMessages }) => {
  expectedMessages.push(/status of 403/);
  const grace = await server.person("Grace Hopper", "power");
  const karen = await server.person("Karen Jones", "power");
  const name = `Shared by ${grace.email}`;
  const token = await server.sessionToken(grace);
  const id = await createDashboard(server, token, name);
  // Not an email address, although it contains @.
  const team = `on-call @ ${grace.email}`;
  const api = server.api(await server.sessionToken(administrator));
  expect((await api.post("/v2/team", { name: team })).status).toBe(200);

  await signIn(page, grace);
  await page.goto(`/dashboards/${id}`);
  await chooseAction(page, name, "Permissions");
  await page.getByRole("dialog").getByRole("link", { name: "Change permissions" }).click();
  await expect(page.getByRole("radio", { name: `The same as the group ${name}` })).toBeChecked();
  const add = async (principal: string) => {
    await page.getByLabel("Add by email or team name").fill(principal);
    await page.getByRole("button", { name: "Add" }).click();
  };
  await add("unknown@example.com");
  const field = page.getByLabel("Add by email or team name");
  await expect(field).toHaveValue("unknown@example.com");
  await expect(field).toHaveAccessibleDescription("No member or team is called unknown@example.com.");
  await add(karen.email);
  await expect(page.getByRole("radio", { name: "These users and teams" })).toBeChecked();
  await add(team);
  await page.getByLabel(`Team ${team}`).selectOption("Can read");
  await page.getByLabel("All other members can").selectOption("Nothing");
  await page.getByRole("button", { name: "See what will change" }).click();

  const preview = page.getByRole("region", { name: "What will change" });
  await expect(preview).toContainText("Every member of the organization loses read and write.");
  await expect(preview).toContainText(`Team ${team} loses write, may still read.`);
  await expect(preview).toContainText("You would lose write permission. Only administrators");
  await expect(preview).toContainText("You could no longer read it.");
  await page.getByRole("button", { name: "Change more" }).click();
  await expect(page.getByLabel(`Team ${team}`).locator("option:checked")).toHaveText("Can read");
  await add(grace.email);
  await page.getByRole("button", { name: "See what will change" }).click();
  await expect(preview).not.toContainText("You would lose");
  await page.getByRole("button", { name: "Save permissions" }).click();
  await expect(page.getByRole("status")).toContainText("The permissions are saved.");

  const stored = (await server.api(token).get(`/v2/dashboard/${id}`)).body as { permissions: { acl: { actions: string[] }[] } };
  expect(stored.permissions.acl.map(({ actions }) => actions)).toEqual([["READ", "WRITE"], ["READ"], ["READ", "WRITE"]]);
  const other = await anotherBrowser();
  await signIn(other, await server.person("Linus Torvalds", "power"));
  expect((await other.goto(`/dashboards/${id}`))?.status()).toBe(403);
  expect((await other.goto(`/dashboards/${id}/permissions`))?.status()).toBe(403);

  // An administrator who is not listed may change the permissions only.
  const root = await anotherBrowser();
  await signIn(root, administrator);
  await root.goto(`/dashboards/${id}`);
  await expect(root.getByRole("main")).toContainText("give yourself write permission first");
  expect((await root.goto(`/dashboards/${id}/edit`))?.status()).toBe(403);
  await root.goto(`/dashboards/${id}/permissions`);
  await root.getByRole("radio", { name: "The same as the group" }).check();
  await root.getByRole("button", { name: "See what will change" }).click();
  await expect(root.getByRole("region", { name: "What will change" })).toContainText("You would gain write permission.");
  await root.getByRole("button", { name: "Save permissions" }).click();
  await expect(root.getByRole("status")).toContainText("The permissions are saved.");
});

test("a detector has writers but no readers, and needs at least one writer", async ({ page, server }) => {
  const grace = await server.person("Grace Hopper", "power");
  const name = `Watch of ${grace.email}`;
  const token = await server.sessionToken(grace);
  const id = await createDetector(server, token, name);
  await signIn(page, grace);
  await page.goto(`/detectors/${id}/permissions`);
  await expect(page.getByLabel("All other members can")).toHaveCount(0);
  await page.getByRole("radio", { name: "These users and teams" }).check();
  await page.getByRole("button", { name: "See what will change" }).click();
  await expect(page.getByRole("group", { name: "Who can write" })).toHaveAccessibleDescription(/Add at least one user or team/);
  await expect(page.getByRole("radio", { name: "These users and teams" })).toBeChecked();
  await page.getByLabel("Add by email or team name").fill(grace.email);
  // A name that was typed but not added is added as well.
  await page.getByRole("button", { name: "See what will change" }).click();
  await expect(page.getByRole("region", { name: "What will change" })).toContainText("Every member of the organization loses write, may still read.");
  await page.getByRole("button", { name: "Save permissions" }).click();
  await expect(page.getByRole("status")).toContainText("The permissions are saved.");
  const stored = (await server.api(token).get(`/v2/detector/${id}`)).body as { authorizedWriters: { users: string[] } };
  expect(stored.authorizedWriters.users).toHaveLength(1);
});

test("a concurrent change is reported before permissions are saved, and the choices are kept", async ({ page, server }) => {
  const grace = await server.person("Grace Hopper", "power");
  const karen = await server.person("Karen Jones", "power");
  const id = await createDashboard(server, await server.sessionToken(grace), `Raced by ${grace.email}`);
  const api = server.api(await server.sessionToken(karen));
  const stored = (await api.get(`/v2/dashboard/${id}`)).body as Record<string, unknown>;
  await signIn(page, grace);
  await page.goto(`/dashboards/${id}/permissions`);
  await page.getByLabel("Add by email or team name").fill(grace.email);
  await page.getByRole("button", { name: "See what will change" }).click();
  expect((await api.put(`/v2/dashboard/${id}`, { ...stored, description: "by Karen" })).status).toBe(200);
  await page.getByRole("button", { name: "Save permissions" }).click();
  await expect(page.getByRole("alert")).toContainText("Karen Jones saved this dashboard meanwhile");
  await page.getByRole("button", { name: "Save permissions" }).click();
  await expect(page.getByRole("status")).toContainText("The permissions are saved.");
  const now = (await api.get(`/v2/dashboard/${id}`)).body as { description: string };
  expect(now.description).toBe("by Karen");
});
