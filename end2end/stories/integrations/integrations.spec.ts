// Integrations: a form for each type, with credentials that are never shown again, for administrators only.

import { expect, test } from "../../support/story.ts";
import { chooseAction, fillSignIn, row, signIn } from "../../support/steps.ts";

test("an administrator creates, validates, edits and deletes an integration", async ({ page, server, administrator, savePage, registerSecret }) => {
  const { email } = await server.person("Grace Hopper", "power");
  const name = `Hook of ${email}`;
  const secret = `hidden-word-of-${email}`;
  registerSecret(secret);
  await signIn(page, administrator);
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Integrations" }).click();
  await page.getByRole("link", { name: "New integration" }).click();
  await page.getByRole("link", { name: "Webhook" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("URL (optional)").fill("nowhere");
  await page.getByLabel("Shared secret (optional)").fill(secret);
  await page.getByLabel("Headers (optional)").fill("no colon");
  await page.getByRole("button", { name: "Create integration" }).click();

  // A rejected form marks the field and keeps the input, except secrets.
  await expect(page.getByLabel("Headers (optional)")).toHaveAccessibleDescription(/Needs a name, a colon and a value/);
  await expect(page.getByLabel("Name")).toHaveValue(name);
  await expect(page.getByLabel("Shared secret (optional)")).toHaveValue("");
  await savePage(page, "rejected");
  await page.getByLabel("Shared secret (optional)").fill(secret);
  await page.getByRole("button", { name: "Create integration" }).click();
  await expect(page.getByLabel("URL (optional)")).toHaveAccessibleDescription(/http/);
  await page.getByLabel("URL (optional)").fill("http://127.0.0.1:9/hook");
  await page.getByLabel("Shared secret (optional)").fill(secret);
  await page.getByRole("button", { name: "Create integration" }).click();
  await expect(page.getByRole("status")).toContainText("is created");
  await expect(page.getByRole("region", { name: "Settings" })).toContainText("Stored encrypted, never shown");
  await savePage(page, "created");

  await page.getByRole("button", { name: "Validate" }).click();
  await expect(page.getByRole("status")).toContainText("No connection was tried.");
  await expect(page.getByRole("region", { name: "Validation" })).toContainText("Not tried");
  await expect(page.getByRole("region", { name: "Validation" })).toContainText("private");
  await page.getByRole("button", { name: "Disable" }).click();
  await expect(page.getByRole("status")).toContainText("The integration is disabled.");
  await expect(page.getByRole("region", { name: "Validation" })).toContainText("Not validated since");

  await chooseAction(page, name, "Edit");
  await expect(page.getByLabel("URL (optional)")).toHaveValue("http://127.0.0.1:9/hook");
  await expect(page.getByLabel("Shared secret (optional)")).toHaveValue("");
  await expect(page.getByLabel("Shared secret (optional)")).toHaveAccessibleDescription(/Leave empty to keep it/);
  await page.getByLabel("Method (optional)").selectOption("PUT");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toContainText("The integration is saved.");
  await expect(page.getByRole("region", { name: "Settings" })).toContainText("PUT");
  const api = server.api(await server.sessionToken(administrator));
  const found = (await api.get(`/v2/integration?name=${encodeURIComponent(name)}`)).body as { results: Record<string, unknown>[] };
  expect(found.results[0]).toMatchObject({ sharedSecret: secret, method: "PUT", enabled: false });

  // A stored secret can be removed as well as replaced; a rejected form keeps that choice.
  await chooseAction(page, name, "Edit");
  await page.getByLabel("Remove the stored shared secret").check();
  await page.getByLabel("Shared secret (optional)").fill(`${secret}-again`);
  registerSecret(`${secret}-again`);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByLabel("Shared secret (optional)")).toHaveAccessibleDescription(/Enter a new value or remove the stored one, not both/);
  await expect(page.getByLabel("Remove the stored shared secret")).toBeChecked();
  await savePage(page, "removal rejected");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toContainText("The integration is saved.");
  await expect(page.getByRole("region", { name: "Settings" })).not.toContainText("Stored encrypted, never shown");
  const after = (await api.get(`/v2/integration?name=${encodeURIComponent(name)}`)).body as { results: Record<string, unknown>[] };
  expect(after.results[0]!.sharedSecret).toBeUndefined();
  await chooseAction(page, name, "Edit");
  await expect(page.getByLabel("Remove the stored shared secret")).toHaveCount(0);

  await page.goto(`/integrations?q=${encodeURIComponent(name)}`);
  await page.getByLabel("Type").selectOption("Webhook");
  await page.getByLabel("State").selectOption("Disabled");
  await page.getByLabel("Created by").selectOption({ label: administrator.name });
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page).toHaveURL(/type=Webhook.*state=disabled.*creator=/);
  await expect(row(page, name)).toContainText("Disabled");
  await page.getByLabel("State").selectOption("Enabled");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByText("No integration matches")).toBeVisible();
  await page.goBack();
  await chooseAction(page, name, "Delete");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("status").first()).toContainText("The integration is deleted.");
});

test("project keys stay with their project, and lists accept several items", async ({ page, server, administrator, registerSecret }) => {
  const { email } = await server.person("Grace Hopper", "power");
  const name = `Cloud of ${email}`;
  const key = `key-of-${email}`;
  registerSecret(key);
  await signIn(page, administrator);
  await page.goto("/integrations/new?type=GCP");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByText("More settings (optional)").click();
  const keys = page.getByRole("group", { name: "Project service keys 1" });
  await keys.getByLabel("Project ID").fill("first");
  await keys.getByLabel("Project key").fill(key);
  await page.getByRole("button", { name: "Create integration" }).click();
  await expect(page.getByRole("status")).toContainText("is created");
  await chooseAction(page, name, "Edit");
  const again = page.getByRole("group", { name: "Project service keys 1" });
  await expect(again.getByLabel("Project ID")).toHaveValue("first");
  await expect(again.getByLabel("Project key")).toHaveValue("");
  await page.getByLabel("Services (optional)", { exact: true }).fill("compute\nstorage");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toContainText("The integration is saved.");
  const settings = page.getByRole("region", { name: "Settings" });
  await expect(settings).toContainText("compute");
  await expect(settings).toContainText("first");
});

test("an empty list links to the first integration, and other members are denied", async ({ page, emptyServer, anotherBrowser, expectedMessages }) => {
  expectedMessages.push(/status of 403/, /status of 404/);
  const ada = await emptyServer.person("Ada Admin", "admin");
  const grace = await emptyServer.person("Grace Hopper", "power");
  await page.goto(`${emptyServer.baseURL}/signin`);
  await fillSignIn(page, ada);
  await expect(page.getByRole("heading", { name: "Dashboards", level: 1 })).toBeVisible();
  await page.goto(`${emptyServer.baseURL}/integrations`);
  await page.getByRole("link", { name: "Create the first integration" }).click();
  await expect(page.getByRole("heading", { name: "Cloud providers" })).toBeVisible();
  const unknownType = await page.goto(`${emptyServer.baseURL}/integrations/new?type=Pigeon`);
  expect(unknownType?.status()).toBe(404);

  const other = await anotherBrowser();
  await other.goto(`${emptyServer.baseURL}/signin`);
  await fillSignIn(other, grace);
  await expect(other.getByRole("heading", { name: "Dashboards", level: 1 })).toBeVisible();
  for (const path of ["/integrations", "/integrations/new", "/integrations/new?type=Slack"]) {
    const response = await other.goto(`${emptyServer.baseURL}${path}`);
    expect(response?.status(), path).toBe(403);
    await expect(other.getByRole("alert"), path).toContainText("Only administrators can see and change integrations");
  }
});
