// Names are rendered as text, never as markup: users, tokens, dashboards, charts, groups and other objects.

import type { Page } from "@playwright/test";

import { expect, test } from "../../support/story.ts";
import { createDashboard, createDetector, generate, openAccountSettings, row, signIn } from "../../support/steps.ts";

const HOSTILE = `</textarea><img src=x onerror="document.title='ran'">'"&amp;<script>document.title='ran'</script>`;

test("markup in names is shown as text and is not executed", async ({ page, server, javaScriptEnabled, expectedMessages }) => {
  expectedMessages.push(/status of 404/);
  const scripts = javaScriptEnabled !== false;
  const person = await server.person(HOSTILE, "admin");
  const token = await server.sessionToken(person);
  const charts = [{ name: HOSTILE, column: 0, row: 0, width: 12, height: 1 }];
  const id = await createDashboard(server, token, HOSTILE, charts);
  const dashboard = (await server.api(token).get(`/v2/dashboard/${id}`)).body as { groupId: string };
  expect((await server.api(token).put(`/v2/dashboard/${id}`, { ...dashboard, description: HOSTILE })).status).toBe(200);
  const team = ((await server.api(token).post("/v2/team", { name: `${HOSTILE}${person.email}`, description: HOSTILE })).body as { id: string }).id;
  const issued = await server.api(token).post("/v2/token", { name: `${HOSTILE} ${person.email}`, description: HOSTILE });
  const about = { description: HOSTILE, tags: [HOSTILE.slice(0, 200)], teams: [team] };
  const detector = await createDetector(server, token, HOSTILE, {
    ...about,
    programText: `# ${HOSTILE}\ndetect(a).publish('x')`,
    rules: [{ detectLabel: "x", severity: "Info", description: HOSTILE, tip: HOSTILE, runbookUrl: `javascript:${HOSTILE}`, notifications: [{ type: "Email", email: HOSTILE }] }],
  });
  const created = await server.api(token).post("/v2/integration", { type: "Webhook", name: HOSTILE, payloadTemplate: HOSTILE });
  const integration = `/integrations/${(created.body as { id: string }).id}`;
  const accessToken = `/access-tokens/${(issued.body as { id: string }).id}`;
  await signIn(page, person);
  await openAccountSettings(page, person);
  await expect(page.getByRole("region", { name: "Profile" })).toContainText(HOSTILE);
  if (scripts) {
    const panel = await generate(page, HOSTILE);
    await panel.getByRole("button", { name: "Copy" }).click();
    await expect(row(page, HOSTILE)).toContainText("Live");
    await row(page, HOSTILE).getByRole("button", { name: "Revoke" }).click();
    await expect(page.getByRole("dialog")).toContainText(HOSTILE);
  } else {
    await page.getByLabel("Name (optional)").fill(HOSTILE);
    await page.getByRole("button", { name: "Generate User API Access Token" }).click();
    await expect(page.getByRole("heading", { name: HOSTILE })).toBeVisible();
  }

  const pages = [
    `/dashboards?q=${encodeURIComponent(HOSTILE)}`,
    `/dashboards/${id}`,
    `/dashboards/${id}?show=info`,
    `/dashboards/${id}?show=permissions`,
    `/dashboards?show=info&of=${encodeURIComponent(HOSTILE)}`,
    `/dashboard-groups?q=${encodeURIComponent(HOSTILE)}`,
    `/dashboard-groups/${dashboard.groupId}`,
    `/dashboard-groups/${dashboard.groupId}?show=info`,
    `/teams?q=${encodeURIComponent(HOSTILE)}`,
    `/teams/${team}`,
    `/teams/${team}?show=delete`,
    `/teams/${team}/edit`,
    `/organization?q=${encodeURIComponent(HOSTILE)}`,
    `/organization/members/${(issued.body as { creator: string }).creator}`,
    `/organization/members/${(issued.body as { creator: string }).creator}?show=remove`,
    ...[`/dashboards/${id}`, `/dashboard-groups/${dashboard.groupId}`, `/detectors/${detector}`].flatMap((object) => [
      `${object}?show=delete`,
      `${object}/edit`,
      `${object}/document`,
      `${object}/permissions`,
    ]),
    `/detectors?q=${encodeURIComponent(HOSTILE)}`,
    `/detectors/${detector}`,
    `/detectors/${detector}?show=info`,
    `/detectors/${detector}?show=permissions`,
    "/dashboards/new",
    `/integrations?q=${encodeURIComponent(HOSTILE)}`,
    integration,
    `${integration}?show=delete`,
    `${integration}/edit`,
    accessToken,
    `${accessToken}?show=rotate`,
    `${accessToken}/edit`,
    `/access-tokens?q=${encodeURIComponent(HOSTILE)}`,
    `/tokens?q=${encodeURIComponent(HOSTILE)}`,
  ];
  for (const path of pages) {
    await page.goto(path);
    await expect(page.getByRole("main"), path).toBeVisible();
    if (!path.includes("of=")) await expect(page.locator("body"), path).toContainText(HOSTILE);
    await expect(page.locator("img, main script"), path).toHaveCount(0);
    await expect(page, path).not.toHaveTitle("ran");
  }
  await expect(page.getByRole("searchbox")).toHaveValue(HOSTILE);
  await checkRejectedForms(page, id, detector);
  await page.goto(`/signin?next=${encodeURIComponent(`/dashboards?q=${HOSTILE}`)}`);
  await expect(page).not.toHaveTitle("ran");
});

/** The input of a rejected form and the preview of changes are rendered as text too. */
async function checkRejectedForms(page: Page, dashboard: string, detector: string): Promise<void> {
  const expectPlainText = async () => {
    await expect(page.locator("body")).toContainText(HOSTILE);
    await expect(page.locator("img, main script")).toHaveCount(0);
    await expect(page).not.toHaveTitle("ran");
  };
  await page.goto(`/dashboards/${dashboard}/permissions`);
  await page.getByLabel("Add by email or team name").fill(HOSTILE);
  await page.getByRole("button", { name: "Add" }).click();
  await expectPlainText();
  await page.goto(`/detectors/${detector}/document`);
  const field = page.getByLabel("Document");
  const text = await field.inputValue();
  await field.fill(text.replace('"Info"', JSON.stringify(HOSTILE)));
  await page.getByRole("button", { name: "See what will change" }).click();
  await expect(page.getByRole("alert").last()).toContainText("must be one of");
  await expectPlainText();
  await field.fill(text.replace('"tip": "', '"tip": "again '));
  await page.getByRole("button", { name: "See what will change" }).click();
  await expect(page.locator("ins")).toHaveCount(1);
  await expectPlainText();
}
