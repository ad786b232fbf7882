// Detectors: create, filter, disable a rule, delete, and permissions.

import { expect, test } from "../../support/story.ts";
import { chooseAction, createDetector, fillSignIn, row, signIn } from "../../support/steps.ts";

test("the first detector is created with the form", async ({ page, emptyServer }) => {
  const person = await emptyServer.person("Ada Admin", "admin");
  await page.goto(`${emptyServer.baseURL}/signin`);
  await fillSignIn(page, person);
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Detectors" }).click();
  await expect(page.getByText("No detectors yet")).toBeVisible();
  await page.getByRole("link", { name: "New detector" }).click();
  await page.getByLabel("Name").fill("Hosts are busy");
  await page.getByLabel("Label (optional)").fill("no such label");
  await page.getByLabel("Tags (optional)").fill("prod\nhosts");
  await page.getByRole("button", { name: "Create detector" }).click();
  await expect(page.getByRole("alert").last()).toContainText("no label no such label");
  await expect(page.getByLabel("Name")).toHaveValue("Hosts are busy");
  await page.getByLabel("Label (optional)").fill("CPU is high");
  await page.getByLabel("Severity").selectOption("Major");
  await page.getByLabel("Email to notify (optional)").fill("ops@example.com");
  await page.getByRole("button", { name: "Create detector" }).click();
  await expect(page.getByRole("status")).toContainText("The detector Hosts are busy is created.");
  const rules = page.getByRole("region", { name: "Rules" });
  await expect(rules).toContainText("Major");
  await expect(rules).toContainText("Email to ops@example.com");
  await expect(page.getByRole("region", { name: "Program text" })).toContainText("publish('CPU is high')");
});

test("detectors are filtered by tag, team and creator", async ({ page, emptyServer }) => {
  const ada = await emptyServer.person("Ada Admin", "admin");
  const grace = await emptyServer.person("Grace Hopper", "power");
  const api = emptyServer.api(await emptyServer.sessionToken(ada));
  const team = ((await api.post("/v2/team", { name: "Checkout" })).body as { id: string }).id;
  await createDetector(emptyServer, await emptyServer.sessionToken(ada), "Queue grows", { tags: ["prod"], teams: [team] });
  await createDetector(emptyServer, await emptyServer.sessionToken(grace), "Disk is full", { tags: ["prod", "disk"] });
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`${emptyServer.baseURL}/signin`);
  await fillSignIn(page, grace);
  await expect(page.getByRole("heading", { name: "Dashboards", level: 1 })).toBeVisible();
  await page.goto(`${emptyServer.baseURL}/detectors`);
  await expect(page.getByText("2 detectors", { exact: true })).toBeVisible();
  const narrow = async (label: string, choice: string, names: string[]) => {
    await page.goto(`${emptyServer.baseURL}/detectors?sort=name`);
    await page.getByLabel(label).selectOption({ label: choice });
    await page.getByRole("button", { name: "Search" }).click();
    await expect(page.getByRole("table").getByRole("rowheader")).toHaveText(names);
    await expect(page.getByLabel(label).locator("option:checked")).toHaveText(choice);
  };
  await narrow("Tag", "disk", ["Disk is full"]);
  await narrow("Tag", "prod", ["Disk is full", "Queue grows"]);
  await narrow("Team", "Checkout", ["Queue grows"]);
  await narrow("Created by", "Grace Hopper", ["Disk is full"]);
  await expect(row(page, "Disk is full")).toContainText("by Grace Hopper");
  await page.getByLabel("Tag").selectOption({ label: "disk" });
  await page.getByRole("searchbox").fill("nothing like it");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("link", { name: "Show all detectors" }).click();
  await expect(page.getByText("2 detectors", { exact: true })).toBeVisible();
});

test("a rule is disabled and enabled, and a detector is deleted after one confirmation", async ({ page, server }) => {
  const grace = await server.person("Grace Hopper", "power");
  const name = `Rules of ${grace.email}`;
  const token = await server.sessionToken(grace);
  const id = await createDetector(server, token, name);
  const chart = { name: "Load", options: { type: "List" }, relatedDetectorIds: [id] };
  expect((await server.api(token).post("/v2/chart", chart)).status).toBe(200);
  await signIn(page, grace);
  await page.goto(`/detectors/${id}`);
  await expect(page.getByRole("region", { name: "Charts" })).toContainText("Load");
  const rules = page.getByRole("region", { name: "Rules" });
  await rules.getByRole("button", { name: "Disable" }).click();
  await expect(page.getByRole("status")).toContainText("The rule CPU is high is disabled.");
  await expect(rules).toContainText("1 rule, 1 disabled");
  await rules.getByRole("button", { name: "Enable" }).click();
  await expect(rules.getByRole("button", { name: "Disable" })).toBeVisible();

  await chooseAction(page, name, "Delete");
  await expect(page.getByRole("dialog", { name: `Delete ${name}?` })).toContainText("This cannot be undone.");
  await page.getByRole("dialog").getByRole("link", { name: "Keep it" }).click();
  await chooseAction(page, name, "Delete");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("status").first()).toContainText("The detector is deleted.");
  expect((await server.api(token).get(`/v2/detector/${id}`)).status).toBe(404);
});

test("a reader sees why they cannot change a detector, and no action that would be denied", async ({ page, server, expectedMessages }) => {
  expectedMessages.push(/status of 403/);
  const grace = await server.person("Grace Hopper", "power");
  const karen = await server.person("Karen Jones", "read_only");
  const name = `Guarded by ${grace.email}`;
  const id = await createDetector(server, await server.sessionToken(grace), name);
  await signIn(page, karen);
  await page.goto(`/detectors/${id}`);
  await expect(page.getByRole("main")).toContainText("Changing or deleting it requires the role power user and write permission.");
  await expect(page.getByRole("button", { name: "Disable" })).toHaveCount(0);
  await page.getByRole("button", { name: "Actions", description: name }).click();
  await expect(page.getByRole("menuitem")).toHaveText(["Info", "Permissions"]);
  await page.getByRole("menuitem", { name: "Permissions" }).click();
  await expect(page.getByRole("dialog")).toContainText("Only members with write permission and administrators can change the permissions");
  await page.goto("/detectors");
  await expect(page.getByText("Power users and administrators can create detectors.")).toBeVisible();
  for (const path of ["/detectors/new", `/detectors/${id}/edit`, `/detectors/${id}/document`, `/detectors/${id}/permissions`]) {
    const response = await page.goto(path);
    expect(response?.status(), path).toBe(403);
    await expect(page.getByRole("alert"), path).toContainText(/requires/);
  }
});
