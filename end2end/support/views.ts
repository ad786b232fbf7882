// Every page there is, in the states a person meets it in.

import { expect, type Page } from "@playwright/test";

import type { Person, Server } from "./server.ts";
import { noteSecret } from "./server.ts";
import { awake } from "./story.ts";
import { fillSignIn, GENERATE, generate, makeDashboard, makeDetector, revealed, row, SHOW, tokenIn } from "./steps.ts";

/** The longest name there may be, without a place to break it. */
const LONG = "Long".repeat(25);

interface Views {
  server: Server;
  administrator: Person;
  emptyServer: Server;
}

/** Brings the page into one state after another, and names each. */
export async function* everyView(page: Page, { server, administrator, emptyServer }: Views): AsyncGenerator<string> {
  const grace = await server.person("Grace Hopper", "power");
  const token = await server.sessionToken(grace);
  await makeDashboard(server, token, LONG, [{ name: LONG, column: 0, row: 0, width: 3, height: 1 }]);
  const dashboard = await makeDashboard(server, token, "Checkout latency", [
    { name: "Latency p99", column: 0, row: 0, width: 6, height: 2 },
    { name: "Requests", column: 6, row: 0, width: 6, height: 1 },
    { name: "Errors by service and region", column: 6, row: 1, width: 3, height: 1 },
  ]);
  const made = (await server.api(token).get(`/v2/dashboard/${dashboard}`)).body as Record<string, unknown>;
  await server.api(token).put(`/v2/dashboard/${dashboard}`, { ...made, description: "The p99 is what we promise: 300 ms." });

  await page.goto("/docs");
  yield "docs";
  await page.getByText("Create a dashboard", { exact: true }).click();
  await page.locator("#post_dashboard").getByRole("link", { name: "DashboardToCreate" }).click();
  yield "docs-shape";
  await page.goto("/signin");
  yield "sign-in";
  await fillSignIn(page, { email: "nobody@example.com", password: "certainly not this one" });
  await expect(page.getByRole("alert")).toBeVisible();
  yield "sign-in-refused";
  await page.goto(emptyServer.setupLink);
  yield "setup";
  await page.goto("/setup?claim=spent");
  yield "setup-spent";
  const api = server.api(await server.sessionToken(administrator));
  const invited = { email: `invited.${grace.email}`, fullName: LONG };
  const { inviteUrl } = (await api.post("/v2/organization/member", invited)).body as { inviteUrl: string };
  await page.goto(inviteUrl);
  yield "invitation";
  await page.goto("/invitation?claim=spent");
  yield "invitation-spent";

  await page.goto("/signin");
  await fillSignIn(page, administrator);
  await expect(page.getByRole("heading", { name: "Dashboards", level: 1 })).toBeVisible();
  yield "dashboards";
  await page.getByRole("button", { name: "Menu" }).click();
  yield "navigation";
  await page.getByRole("button", { name: administrator.name, exact: true }).click();
  yield "profile";
  await page.goto("/dashboards");
  await page.getByRole("button", { name: "Actions" }).first().click();
  yield "actions";
  await page.goto("/dashboards?q=nothing+like+it");
  yield "dashboards-none";
  await page.goto(`/dashboards/${dashboard}`);
  yield "dashboard";
  await page.goto(`/dashboards/${dashboard}?show=info`);
  await awake(page);
  yield "info";
  await page.goto(`/dashboards/${dashboard}?show=permissions`);
  await awake(page);
  yield "permissions";
  await page.goto("/dashboard-groups");
  yield "dashboard-groups";
  await page.goto(`/dashboard-groups/${made.groupId}`);
  yield "dashboard-group";

  const long = `${LONG} `.repeat(3);
  const detector = await makeDetector(server, token, LONG, { description: long, tags: [LONG, "prod"], teams: [] });
  await page.goto("/detectors");
  yield "detectors";
  await page.goto("/detectors?q=nothing+like+it");
  yield "detectors-none";
  await page.goto(`/detectors/${detector}`);
  yield "detector";
  await page.goto(`/detectors/${detector}?show=delete`);
  await awake(page);
  yield "detector-delete";
  await page.goto("/detectors/new");
  yield "detector-new";
  await page.goto(`/detectors/${detector}/edit`);
  await page.getByLabel("Program").fill("nothing");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  yield "detector-refused";
  await page.goto(`/detectors/${detector}/document`);
  yield "document";
  const document = page.getByLabel("Document");
  await document.fill((await document.inputValue()).replace("Critical", "Minor").replace("prod", LONG));
  await page.getByRole("button", { name: "See what will change" }).click();
  yield "document-difference";
  await page.goto(`/dashboards/${dashboard}/permissions`);
  await page.getByLabel("Add by email or team name").fill(grace.email);
  await page.getByRole("button", { name: "Add" }).click();
  yield "permissions-form";
  await page.getByRole("button", { name: "See what will change" }).click();
  yield "permissions-difference";
  await page.goto("/dashboards/new");
  yield "dashboard-new";
  const hook = { type: "Webhook", name: `${grace.email} ${LONG}`, url: `https://${"long.".repeat(30)}example.com`, payloadTemplate: LONG };
  const integration = (await api.post("/v2/integration", hook)).body as { id: string };
  await page.goto("/integrations");
  yield "integrations";
  await page.goto("/integrations?type=Bitium");
  yield "integrations-none";
  await page.goto("/integrations/new");
  yield "integration-types";
  await page.goto("/integrations/new?type=AWSCloudWatch");
  await page.getByText("More settings (optional)").click();
  yield "integration-new";
  await page.goto(`/integrations/${integration.id}/edit`);
  await page.getByLabel("URL (optional)").fill("nowhere");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  yield "integration-refused";
  await page.goto(`/integrations/${integration.id}`);
  yield "integration";

  const karen = await server.person(LONG, "read_only");
  const members = (await api.get("/v2/organization/member?limit=3")).body as { results: { id: string }[] };
  const described = { description: `${LONG} `.repeat(4), members: members.results.map(({ id }) => id) };
  const team = (await api.post("/v2/team", { name: `${karen.email} ${LONG}`, ...described })).body as { id: string };
  await page.goto("/teams");
  yield "teams";
  await page.goto("/teams?q=nothing+like+it");
  yield "teams-none";
  await page.goto(`/teams/${team.id}`);
  yield "team";
  await page.goto(`/teams/${team.id}?show=delete`);
  await awake(page);
  yield "team-delete";
  await page.goto(`/teams/${team.id}/edit`);
  yield "team-edit";
  await page.getByLabel("Name").fill(" ");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  yield "team-refused";

  const acl = members.results.map(({ id }) => ({ principalId: id, principalType: "USER", actions: ["READ"] }));
  const limits = { categoryQuota: { 1: 20, 3: 10_000 } };
  const issued = await api.post("/v2/token", { name: `${karen.email} ${LONG}`, description: LONG, limits, permissions: { acl } });
  const accessToken = `/access-tokens/${(issued.body as { id: string }).id}`;
  await page.goto("/access-tokens");
  yield "access-tokens";
  await page.goto("/access-tokens?state=expired");
  yield "access-tokens-none";
  await page.goto("/access-tokens/new");
  yield "access-token-new";
  await page.getByLabel("Sending data from browsers").check();
  await page.getByLabel("Name").fill(LONG);
  await page.getByText("Limits (optional)").click();
  await page.getByRole("button", { name: "Create access token" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  yield "access-token-refused";
  await page.goto(`${accessToken}?show=rotate`);
  await awake(page);
  yield "access-token-rotate";
  await page.getByRole("button", { name: "Rotate", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Secrets that work now" })).toBeVisible();
  yield "access-token";
  await awake(page);
  await page.getByRole("button", { name: "Show secret" }).click();
  const secret = page.getByRole("textbox", { name: "Secret of the access token" });
  await expect(secret).toBeVisible();
  noteSecret(await secret.inputValue());
  yield "access-token-shown";
  await page.goto(`${accessToken}/secret`);
  await page.getByText("Show secret", { exact: true }).click();
  yield "access-token-plain";

  await page.goto("/organization");
  yield "members";
  const { userId } = ((await api.get(`/v2/organization/member?query=email:${grace.email}`)).body as { results: { userId: string }[] }).results[0]!;
  await page.goto(`/organization/members/${userId}`);
  yield "member";
  await page.goto(`/organization/members/${userId}?show=remove`);
  await awake(page);
  yield "member-remove";
  await page.goto("/organization/invitations");
  yield "invitations";
  await page.goto("/organization/invitations/new");
  await page.getByLabel("Email").fill(`${LONG}@example.com`);
  await page.getByLabel("Power user").uncheck();
  yield "invite";
  await page.getByRole("button", { name: "Create invitation" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  yield "invite-refused";
  await page.getByLabel("Power user").check();
  await page.getByRole("button", { name: "Create invitation" }).click();
  const link = page.getByRole("textbox", { name: "Invitation link" });
  noteSecret(new URL(await link.inputValue()).searchParams.get("claim")!);
  yield "invitation-link";
  await page.goto("/organization/invitations/link");
  yield "invitation-link-gone";
  await page.goto("/organization/invitations");
  yield "invitations-one";
  const categories = [{ name: LONG, alias: LONG, description: LONG }, { name: "Checkout" }];
  expect((await api.call("PATCH", "/v2/organization/custom-categories", categories)).status).toBe(200);
  await page.goto("/organization/categories");
  yield "categories";

  await page.goto("/account");
  yield "account";
  await tokenIn(await generate(page, LONG));
  const fresh = await generate(page, "deploy script");
  yield "account-generated";
  await tokenIn(fresh);
  await fresh.getByRole("button", { name: SHOW }).click();
  await expect(revealed(fresh)).toBeVisible();
  yield "account-revealed";
  await fresh.getByRole("button", { name: "Hide", exact: true }).click();
  await page.goto("/account");
  await row(page, "deploy script").first().getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await awake(page);
  yield "account-revoke";
  await page.goto("/account");
  // As a browser without scripts sends it.
  await page.getByRole("button", { name: GENERATE }).evaluate((button: HTMLButtonElement) => button.form?.submit());
  await page.getByText(SHOW, { exact: true }).click();
  await expect(page.getByLabel("User API access token")).toBeVisible();
  yield "account-token";
  await page.goto("/account/token");
  yield "account-token-gone";

  await page.goto("/usage");
  yield "usage";
  await page.getByText("The same in numbers").click();
  yield "usage-numbers";
  await page.goto("/usage?range=week&status=4xx&route=GET%20%2Fv2%2Fteam%2F%7Bid%7D");
  yield "usage-none";

  await page.goto("/tokens");
  yield "tokens";
  await page.getByRole("table").getByRole("link").first().click();
  await expect(page.getByRole("heading", { name: "Everything it did" })).toBeVisible();
  yield "token";
  await page.getByRole("link", { name: "API calls", exact: true }).click();
  yield "token-calls";
  await page.goto("/tokens/AAAAAAAAAAE");
  yield "token-not-found";
  await page.goto("/audit");
  await page.locator(".record summary").first().click();
  yield "audit";
  await page.goto("/audit?what=calls&address=127.0.0.1");
  await page.locator(".record summary").first().click();
  yield "audit-calls";
  await page.goto("/audit?kind=chart&outcome=denied");
  yield "audit-none";
  await page.goto("/audit?person=nobody@example.com");
  yield "audit-refused";
  await page.goto("/nowhere");
  yield "not-found";
  // As somebody else's page sends it.
  await page.goto("about:blank");
  await page.setContent(`<form method="post" action="${server.baseURL}/ui/sign-out"><button>Send</button></form>`);
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("heading", { name: "Not from here" })).toBeVisible();
  yield "stranger-refused";
}
