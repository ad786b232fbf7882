// Teams: create, edit members, join and leave, sort, and permissions.

import type { Page } from "@playwright/test";

import { expect, test } from "../../support/story.ts";
import { chooseAction, createDetector, fillSignIn, row, signIn } from "../../support/steps.ts";

async function openTeams(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Teams" }).click();
  await expect(page.getByRole("heading", { name: "Teams", level: 1 })).toBeVisible();
}

test("an administrator creates a team, adds and removes a member, and deletes it", async ({ page, server, administrator, savePage }) => {
  const grace = await server.person("Grace Hopper", "power");
  const name = `Checkout of ${grace.email}`;
  await signIn(page, administrator);
  await openTeams(page);
  await page.getByRole("link", { name: "New team" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Description (optional)").fill("From the cart\nto the receipt");
  await page.getByRole("button", { name: "Create team" }).click();
  await expect(page.getByRole("status")).toContainText(`The team ${name} is created`);
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  await expect(page.getByText("No members yet")).toBeVisible();

  const add = async (email: string) => {
    await page.getByLabel("Add member by email").fill(email);
    await page.getByRole("button", { name: "Add" }).click();
  };
  await expect(page.locator(`datalist option[value="${grace.email}"]`)).toHaveCount(1);
  await add("unknown@example.com");
  const field = page.getByLabel("Add member by email");
  await expect(field).toHaveValue("unknown@example.com");
  await expect(field).toHaveAccessibleDescription("No member has the email address unknown@example.com.");
  await add(grace.email);
  await expect(row(page, "Grace Hopper")).toContainText(grace.email);
  await savePage(page, "team");

  await chooseAction(page, name, "Edit");
  await expect(page.getByLabel("Description (optional)")).toHaveValue("From the cart\nto the receipt");
  await page.getByLabel("Description (optional)").fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toContainText("The team is saved.");
  await expect(row(page, "Grace Hopper")).toBeVisible();

  await chooseAction(page, name, "Info");
  await expect(page.getByRole("dialog")).toContainText(administrator.name);
  await page.getByRole("dialog").getByRole("link", { name: "Close" }).click();
  await row(page, "Grace Hopper").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByRole("dialog", { name: `Remove Grace Hopper from ${name}?` })).toBeVisible();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("No members yet")).toBeVisible();

  await chooseAction(page, name, "Delete");
  await expect(page.getByRole("dialog")).toContainText("This cannot be undone.");
  await page.getByRole("dialog").getByRole("link", { name: "Keep it" }).click();
  await chooseAction(page, name, "Delete");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("status").first()).toContainText("The team is deleted.");
  await expect(row(page, name)).toHaveCount(0);
});

test("a rejected team form keeps all input", async ({ page, server, administrator }) => {
  const { email } = await server.person("Grace Hopper", "power");
  const name = `Taken by ${email}`;
  expect((await server.api(await server.sessionToken(administrator)).post("/v2/team", { name })).status).toBe(200);
  await signIn(page, administrator);
  await page.goto("/teams/new");
  const long = "“What we look after” & <more>\n".repeat(33);
  await page.getByLabel("Name").fill(name.toUpperCase());
  await page.getByLabel("Description (optional)").fill(long);
  await page.getByRole("button", { name: "Create team" }).click();
  await expect(page).toHaveURL(/\/teams\/new$/);
  await expect(page.getByLabel("Name")).toBeFocused();
  await expect(page.getByLabel("Name")).toHaveValue(name.toUpperCase());
  await expect(page.getByLabel("Name")).toHaveAccessibleDescription(/already/);
  await expect(page.getByLabel("Description (optional)")).toHaveValue(long);
  await page.reload();
  await expect(page.getByLabel("Name")).toHaveValue("");
});

test("a power user joins and leaves a team; a reader sees why they cannot", async ({ page, server, administrator, anotherBrowser, expectedMessages }) => {
  expectedMessages.push(/status of 403/);
  const grace = await server.person("Grace Hopper", "power");
  const karen = await server.person("Karen Jones", "read_only");
  const name = `Open to ${grace.email}`;
  expect((await server.api(await server.sessionToken(administrator)).post("/v2/team", { name })).status).toBe(200);
  await signIn(page, grace);
  await openTeams(page);
  await expect(page.getByText("Administrators create teams.")).toBeVisible();
  await page.getByRole("searchbox").fill(name);
  await page.getByRole("searchbox").press("Enter");
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByRole("button", { name: "Join" }).click();
  await expect(page.getByRole("status")).toContainText("You joined the team.");
  await expect(page.getByRole("row").filter({ hasText: "You" })).toContainText(grace.email);
  await expect(page.getByRole("button", { name: "Remove" })).toHaveCount(0);
  await page.getByRole("button", { name: "Leave" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
  await expect(page.getByRole("status")).toContainText("You left the team.");

  const other = await anotherBrowser();
  await signIn(other, karen);
  await other.goto(page.url());
  await expect(other.getByText("Joining requires the role power user.")).toBeVisible();
  await expect(other.getByRole("button", { name: "Join" })).toHaveCount(0);
  await other.goto("/teams/new");
  await expect(other.getByRole("alert")).toContainText("Only administrators can create and edit teams.");
  await expect(other.getByRole("alert")).toContainText("Karen Jones, with the role Reader");
});

test("a team links to its detectors, and the audit log links to them too", async ({ page, server, administrator }) => {
  const token = await server.sessionToken(administrator);
  const team = (await server.api(token).post("/v2/team", { name: `Checkout of ${administrator.email}` })).body as { id: string };
  const name = `Latency of ${administrator.email}`;
  const detector = await createDetector(server, token, name, { teams: [team.id] });
  await signIn(page, administrator);
  await page.goto(`/teams/${team.id}`);
  await page.getByRole("region", { name: "Linked objects" }).getByRole("link", { name }).click();
  await expect(page).toHaveURL(new RegExp(`/detectors/${detector}$`));
  await page.goto(`/organization?q=${encodeURIComponent(administrator.email)}`);
  await page.getByRole("table").getByRole("link", { name: administrator.name }).click();
  await page.getByRole("region", { name: "Activity in the last 30 days" }).getByRole("link", { name }).first().click();
  await expect(page).toHaveURL(new RegExp(`/detectors/${detector}$`));
});

test("teams are sorted by column, and the order is in the URL", async ({ page, emptyServer }) => {
  const ada = await emptyServer.person("Ada Admin", "admin");
  const api = emptyServer.api(await emptyServer.sessionToken(ada));
  for (const name of ["Billing", "alerts", "Checkout"]) expect((await api.post("/v2/team", { name })).status).toBe(200);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`${emptyServer.baseURL}/signin`);
  await fillSignIn(page, ada);
  await openTeams(page);
  const names = page.getByRole("table").getByRole("rowheader");
  await expect(names).toHaveText(["alerts", "Billing", "Checkout"]);
  const head = (name: string) => page.getByRole("columnheader", { name });
  await expect(head("Name")).toHaveAttribute("aria-sort", "ascending");
  await head("Name").getByRole("link").click();
  await expect(names).toHaveText(["Checkout", "Billing", "alerts"]);
  await expect(page).toHaveURL(/sort=-name/);
  await head("Last updated").getByRole("link").click();
  await expect(names).toHaveText(["Checkout", "alerts", "Billing"]);
  await expect(head("Name")).not.toHaveAttribute("aria-sort", /./);

  await page.setViewportSize({ width: 360, height: 800 });
  await page.getByLabel("Sort by").selectOption("Name, Z to A");
  await page.getByRole("searchbox").fill("l");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(names).toHaveText(["Billing", "alerts"]);
  await expect(page.getByText("2 teams", { exact: true })).toBeVisible();
  await page.getByRole("searchbox").fill("nothing");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("link", { name: "Show all teams" }).click();
  await expect(page.getByText("3 teams", { exact: true })).toBeVisible();
});
