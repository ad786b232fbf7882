// Create and edit dashboards, dashboard groups and detectors, with forms and as JSON with a preview of the changes.

import { expect, test } from "../../support/story.ts";
import { chooseAction, createDashboard, createDetector, signIn } from "../../support/steps.ts";

test("a group and a dashboard are created and edited with forms", async ({ page, server }) => {
  const grace = await server.person("Grace Hopper", "power");
  const group = `Group of ${grace.email}`;
  await signIn(page, grace);
  await page.goto("/dashboard-groups");
  await page.getByRole("link", { name: "New dashboard group" }).click();
  await page.getByLabel("Name").fill(group);
  await page.getByRole("button", { name: "Create dashboard group" }).click();
  await expect(page.getByRole("status")).toContainText(`The dashboard group ${group} is created.`);

  await page.goto("/dashboards");
  await page.getByRole("link", { name: "New dashboard" }).click();
  await page.getByLabel("Name").fill("Checkout latency");
  await page.getByLabel("Description (optional)").fill("What we promise:\n300 ms");
  await page.getByLabel("Group").selectOption({ label: group });
  const tooLong = "x".repeat(300);
  await page.getByLabel("Tags (optional)").fill(`prod\n${tooLong}`);
  await page.getByRole("button", { name: "Create dashboard" }).click();
  await expect(page.getByLabel("Tags (optional)")).toHaveAccessibleDescription(/longer than 256 characters/);
  await expect(page.getByLabel("Description (optional)")).toHaveValue("What we promise:\n300 ms");
  await expect(page.getByLabel("Group").locator("option:checked")).toHaveText(group);
  await page.getByLabel("Tags (optional)").fill("prod\ncheckout");
  await page.getByRole("button", { name: "Create dashboard" }).click();
  await expect(page.getByRole("status")).toContainText("The dashboard Checkout latency is created.");
  await expect(page.getByRole("navigation", { name: "Breadcrumb" })).toContainText(group);

  await chooseAction(page, "Checkout latency", "Edit");
  await expect(page.getByLabel("Tags (optional)")).toHaveValue("prod\ncheckout");
  await page.getByLabel("Name").fill("Latency");
  await page.getByLabel("Tags (optional)").fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toContainText("The dashboard Latency is saved.");
  await chooseAction(page, "Latency", "Delete");
  await page.getByRole("dialog", { name: "Delete Latency?" }).getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("status").first()).toContainText("The dashboard is deleted.");
});

test("JSON errors name the line, and changes are previewed before saving", async ({ page, server }) => {
  const grace = await server.person("Grace Hopper", "power");
  const name = `Document of ${grace.email}`;
  const token = await server.sessionToken(grace);
  const id = await createDetector(server, token, name, { description: "as it was" });
  await signIn(page, grace);
  await page.goto(`/detectors/${id}`);
  await chooseAction(page, name, "Edit as JSON");
  const field = page.getByLabel("Document");
  const text = await field.inputValue();
  const preview = async (document: string) => {
    await field.fill(document);
    await page.getByRole("button", { name: "See what will change" }).click();
  };
  await preview(`${text}}`);
  await expect(field).toHaveAccessibleDescription(/at line \d+ column 2/);
  await expect(field).toHaveValue(`${text}}`);
  const wrong = text.replace('"Critical"', '"Terrible"');
  const line = wrong.slice(0, wrong.indexOf("Terrible")).split("\n").length;
  await preview(wrong);
  await expect(field).toHaveAccessibleDescription(new RegExp(`^Line ${line}: rules\\[0\\].severity: must be one of`));

  await preview(text);
  const changes = page.getByRole("region", { name: "What will change" });
  await expect(changes).toContainText("Nothing changes.");
  await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
  await page.getByRole("button", { name: "Change more" }).click();
  await preview(text.replace("as it was", "as it is now").replace("{", '{ "legacy": true,'));
  await expect(changes.locator("del")).toHaveText(/as it was/);
  await expect(changes.locator("ins")).toHaveText(/as it is now/);
  await expect(changes).toContainText("Unknown fields, which are not stored: legacy.");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toContainText(`The detector ${name} is saved.`);
  await expect(page.getByRole("main")).toContainText("as it is now");
});

test("a concurrent change is shown before it is overwritten", async ({ page, server }) => {
  const grace = await server.person("Grace Hopper", "power");
  const karen = await server.person("Karen Jones", "power");
  const name = `Race of ${grace.email}`;
  const id = await createDashboard(server, await server.sessionToken(grace), name);
  const api = server.api(await server.sessionToken(karen));
  const change = async (description: string) => {
    const stored = (await api.get(`/v2/dashboard/${id}`)).body as Record<string, unknown>;
    expect((await api.put(`/v2/dashboard/${id}`, { ...stored, description })).status).toBe(200);
  };
  await signIn(page, grace);
  await page.goto(`/dashboards/${id}/document`);
  const field = page.getByLabel("Document");
  await field.fill((await field.inputValue()).replace("{", '{ "description": "by Grace",'));
  await page.getByRole("button", { name: "See what will change" }).click();
  await change("by Karen");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("Karen Jones saved this dashboard meanwhile");
  await expect(page.locator("del")).toHaveText([/by Karen/]);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toContainText("is saved.");

  await page.goto(`/dashboards/${id}/edit`);
  await change("by Karen again");
  await page.getByLabel("Description (optional)").fill("by Grace again");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("Karen Jones saved this dashboard meanwhile");
  await expect(page.getByLabel("Description (optional)")).toHaveValue("by Grace again");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("main")).toContainText("by Grace again");
});

test("a dashboard is created from JSON, including its permissions", async ({ page, server }) => {
  const grace = await server.person("Grace Hopper", "power");
  const name = `Written by ${grace.email}`;
  await signIn(page, grace);
  await page.goto("/dashboards/new");
  await page.getByRole("link", { name: "Edit as JSON" }).click();
  const field = page.getByLabel("Document");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(field).toHaveAccessibleDescription("Line 2: name: is empty");
  const template = await field.inputValue();
  const large = template.replace('"name": ""', `"name": "${name}", "description": "${"long ".repeat(20_000)}"`);
  await field.fill(large.replace('"tags": []', '"tags": [1]'));
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(field).toHaveAccessibleDescription(/tags\[0\]/);
  await field.fill((await field.inputValue()).replace('"tags": [1]', '"tags": ["a"]'));
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByRole("status")).toContainText(`The dashboard ${name} is created.`);
});
