// Alert muting rules, data links and SLOs: found in the menu, created and edited as JSON, deleted, and read by all.

import { expect, test } from "../../support/story.ts";
import { chooseAction, createDashboard, createDetector, fillSignIn, row } from "../../support/steps.ts";

const HOUR_MS = 3_600_000;

test("an alert muting rule is created, edited and deleted", async ({ page, emptyServer }) => {
  const person = await emptyServer.person("Grace Hopper", "power");
  const detector = await createDetector(emptyServer, await emptyServer.sessionToken(person), "Hosts are busy");
  await page.goto(`${emptyServer.baseURL}/signin`);
  await fillSignIn(page, person);
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Alert muting rules" }).click();
  await expect(page.getByText("No alert muting rules yet")).toBeVisible();
  await page.getByRole("link", { name: "New alert muting rule" }).click();
  const document = page.getByLabel("Document");
  await expect(document).toHaveValue(/"property": "host"/);

  await document.fill('{"description": "Maintenance",\n"filters": [{"property": ""}]}');
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("alert").last()).toContainText("Line 2: filters[0].property: is missing");
  const filters = [{ property: "sf_detectorId", propertyValue: detector }, { property: "host", propertyValue: ["a", "b"], NOT: true }];
  const stopTime = Date.now() + HOUR_MS;
  await document.fill(JSON.stringify({ description: "Maintenance", filters, stopTime }));
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("status")).toContainText("The alert muting rule Maintenance is created.");
  const settings = page.getByRole("region", { name: "Settings" });
  await expect(settings).toContainText("host is not a or b");
  await expect(settings.getByRole("link", { name: "Hosts are busy" })).toHaveAttribute("href", `/detectors/${detector}`);
  await expect(page.getByText("Ongoing", { exact: true })).toBeVisible();

  await chooseAction(page, "Maintenance", "Edit as JSON");
  await document.fill((await document.inputValue()).replace("Maintenance", "Upgrade"));
  await page.getByRole("button", { name: "See what will change" }).click();
  await expect(page.getByRole("region", { name: "What will change" })).toContainText('+   "description": "Upgrade"');
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toContainText("The alert muting rule Upgrade is saved.");
  await chooseAction(page, "Upgrade", "Info");
  await expect(page.getByRole("dialog")).toContainText("Grace Hopper");
  await page.goto(`${emptyServer.baseURL}/muting-rules?state=past`);
  await expect(page.getByText("No alert muting rule matches")).toBeVisible();
  await page.goto(`${emptyServer.baseURL}/muting-rules?state=open`);
  await expect(row(page, "Upgrade")).toContainText("1 detector; host is not a or b");
  await chooseAction(page, "Upgrade", "Delete");
  await page.getByRole("button", { name: "Delete" }).last().click();
  await expect(page.getByText("The alert muting rule is deleted.")).toBeVisible();
  await expect(page.getByText("No alert muting rules yet")).toBeVisible();
});

test("an edit of an SLO is not lost under the edit of another person", async ({ page, emptyServer }) => {
  const grace = await emptyServer.person("Grace Hopper", "power");
  const ada = emptyServer.api(await emptyServer.sessionToken(await emptyServer.person("Ada Admin", "admin")));
  const inputs = { programText: "G = data('g').publish('G')\nT = data('t').publish('T')", goodEventsLabel: "G", totalEventsLabel: "T" };
  const notifications = [{ type: "Email", email: "ops@example.com" }];
  const sloAlertRules = [{ type: "BREACH", rules: [{ severity: "Major", parameters: { fireLasting: "5m" }, notifications }] }];
  const targets = [{ type: "RollingWindow", slo: 99.9, compliancePeriod: "30d", sloAlertRules }];
  const slo = { name: "Checkout works", type: "RequestBased", inputs, targets };
  const { id } = (await ada.post("/v2/slo", slo)).body as { id: string };
  await page.goto(`${emptyServer.baseURL}/signin`);
  await fillSignIn(page, grace);
  await page.goto(`${emptyServer.baseURL}/slos`);
  await expect(row(page, "Checkout works")).toContainText("99.9 % over 30 days");
  await page.getByRole("link", { name: "Checkout works" }).click();
  await expect(page.getByRole("region", { name: "Alert when the target is missed" })).toContainText("Email to ops@example.com");
  await expect(page.getByRole("region", { name: "Program text" })).toContainText("data('g')");

  await page.goto(`${emptyServer.baseURL}/slos/${id}/document`);
  const document = page.getByLabel("Document");
  await document.fill((await document.inputValue()).replace("99.9", "99.5"));
  await page.getByRole("button", { name: "See what will change" }).click();
  await expect(page.getByRole("region", { name: "What will change" })).toContainText("99.5");
  expect((await ada.put(`/v2/slo/${id}`, { ...slo, description: "Mine" })).status).toBe(200);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert").last()).toContainText("Ada Admin saved this SLO meanwhile");
});

test("a member with the role read-only reads data links and cannot change them", async ({ page, emptyServer, expectedMessages }) => {
  expectedMessages.push(/status of 403/);
  const token = await emptyServer.sessionToken(await emptyServer.person("Ada Admin", "admin"));
  const reader = await emptyServer.person("Karen Reader", "read_only");
  const dashboard = await createDashboard(emptyServer, token, "Hosts");
  const targets = [
    { type: "EXTERNAL_LINK", name: "Wiki", url: "https://wiki.example.com/{{value}}", isDefault: true },
    { type: "INTERNAL_LINK", name: "Host", dashboardId: dashboard },
  ];
  const link = await emptyServer.api(token).post("/v2/crosslink", { propertyName: "host", propertyValue: "web-1", targets });
  const { id } = link.body as { id: string };
  await page.goto(`${emptyServer.baseURL}/signin`);
  await fillSignIn(page, reader);
  await page.goto(`${emptyServer.baseURL}/data-links`);
  await expect(page.getByText("Power users and administrators can create data links.")).toBeVisible();
  await expect(row(page, "host:web-1")).toContainText("Wiki, Host");
  await page.getByRole("link", { name: "host:web-1" }).click();
  await expect(page.getByRole("region", { name: "Target Wiki" })).toContainText("https://wiki.example.com/{{value}}");
  await expect(page.getByRole("region", { name: "Target Host" })).toContainText("Hosts");
  await page.getByRole("button", { name: "Actions" }).click();
  await expect(page.getByRole("menuitem")).toHaveText(["Info"]);
  for (const path of ["/data-links/new", `/data-links/${id}/document`]) {
    const response = await page.goto(`${emptyServer.baseURL}${path}`);
    expect(response?.status(), path).toBe(403);
    await expect(page.getByRole("alert"), path).toContainText(/requires/);
  }
});
