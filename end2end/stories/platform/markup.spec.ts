// Markup stays text: every text that a person or a program can set gets payloads, and no page contains their element.

import type { Page } from "@playwright/test";

import { crawl, ROUTES } from "../../support/crawl.ts";
import { checkDownloads } from "../../support/downloads.ts";
import { expectAccepted, expectRejected, generateTokens, rejectedForms } from "../../support/hostile_forms.ts";
import { CLIENT_ADDRESS, fillOrganization, FORGED, type Organization } from "../../support/hostile_organization.ts";
import { hostileAddresses } from "../../support/hostile_requests.ts";
import { inspect, MarkedTexts, PAYLOADS, POLYGLOT, QUOTES } from "../../support/markup.ts";
import { Server } from "../../support/server.ts";
import { fillSignIn, generate, signIn } from "../../support/steps.ts";
import { expect, test as story } from "../../support/story.ts";
import { Visitor } from "../../support/visitor.ts";

const ADMINISTRATOR = { name: "", email: "administrator@example.com", role: "admin", password: "markup is only another kind of text" } as const;

/** Texts that the server keeps and no page shows: secrets, and what only the API returns. */
const NOT_SHOWN = ["guest.phone", "guest.title", "member.phone", "member.title", "webhook.header", "webhook.value"];

const test = story.extend<{ ownServer: Server }>({
  ownServer: async ({}, use, info) => {
    const server = await Server.start(`markup-${info.testId}`, undefined, { COUNTERSIGN_TRUSTED_PROXY: "127.0.0.1" });
    await use(server);
    await server.stop();
  },
  baseURL: async ({ ownServer }, use) => use(ownServer.baseURL),
  userAgent: `browser~${POLYGLOT}`,
});

test("the check finds each payload where it is not text", async ({ page }) => {
  const script = '<script type="text/plain">…</script>';
  const places = ["<title>…</title>", '<p title="…">', "<!--…-->", "<svg><![CDATA[…]]></svg>", script, '<p class="…">'];
  const select = "<select><option>…</option></select>";
  const others = ["<p title='…'>", "<textarea>…</textarea>", select, "<style>…</style>", "<p>…</p>", "<template>…</template>"];
  const expectFound = async (place: string, payload: string) => {
    await page.setContent(place.replace("…", payload));
    expect((await inspect(page)).faults, `${payload} in ${place}`).not.toEqual([]);
  };
  for (const [index, payload] of PAYLOADS.entries()) await expectFound(places[index]!, payload);
  for (const place of [...places, ...others]) await expectFound(place, POLYGLOT);
  await expectFound("<p title='…'>", QUOTES);
  for (const markup of ['<a href="javascript:void 0">', '<p onclick="1">']) await expectFound(markup, "");
  await page.setContent("<p>&lt;x-probe></p><p title='<x-probe>'></p><textarea><x-probe></textarea>");
  expect((await inspect(page)).faults).toEqual([]);
});

test("every text that can be set is shown as text", async ({
  page,
  ownServer,
  anotherBrowser,
  javaScriptEnabled,
  expectedMessages,
  registerSecret,
}) => {
  test.setTimeout(300_000);
  expectedMessages.push(/status of 4\d\d/, /does not conform to the required format/);
  registerSecret(ADMINISTRATOR.password);
  const { baseURL } = ownServer;
  const texts = new MarkedTexts();
  const visit = (page: Page) => new Visitor(page, texts, baseURL, javaScriptEnabled !== false);
  const [visitor, outside] = [visit(page), visit(await anotherBrowser())];
  texts.of("browser");
  await test.step("set up", () => setUp(visitor, texts, ownServer));
  const organization = await test.step("fill the organization", () => fillOrganization(ownServer, ADMINISTRATOR, texts));
  const { main, others } = organization;
  await test.step("pages of others", () => visitAsOthers(outside, texts, organization));
  await test.step("user tokens", () => generateTokens(visitor, texts));
  if (javaScriptEnabled !== false) {
    await visitor.open("/account");
    await generate(page, texts.of("generated"));
    await visitor.check();
  }
  const start = [...Object.values(main), "/", "/account"].map((path) => new URL(path, baseURL));
  await test.step("all pages", () => crawl(start, ["/audit/checkpoint", "/audit/export", "/openapi.json"], (url) => visitor.open(url)));
  await test.step("hostile addresses", async () => {
    for (const address of [...others, ...hostileAddresses(texts)]) await visitor.open(address);
  });
  await test.step("rejected forms", async () => {
    for (const [number, form] of rejectedForms(main).entries()) await expectRejected(visitor, texts, form, number);
  });
  await test.step("accepted forms", () => expectAccepted(visitor, texts, main));
  await test.step("calls through a proxy", async () => {
    await visitor.open(`/audit?what=calls&address=${CLIENT_ADDRESS}`);
    await expect(page.locator(".audit-log > li").first()).toContainText(CLIENT_ADDRESS);
    await expect(page.locator("body")).not.toContainText(FORGED);
  });
  await test.step("downloads", () => checkDownloads(page.request, texts.of("program"), `=${texts.of("formula")}`));

  expect([...visitor.faults, ...outside.faults]).toEqual([]);
  const visited = new Set([...visitor.routes, ...outside.routes]);
  expect(ROUTES.filter((route) => !visited.has(route)), "all pages were visited").toEqual([]);
  expect(texts.unseen, "all other texts were shown").toEqual(NOT_SHOWN);
});

/** Sets up the organization, whose first attempt is rejected, and signs in. */
async function setUp(visitor: Visitor, texts: MarkedTexts, server: Server): Promise<void> {
  const { page } = visitor;
  const attempt = async (label: string, name: string, password: string) => {
    await page.getByLabel("Organization name").fill(texts.of(label));
    await page.getByLabel("Your name").fill(texts.of(name));
    await page.getByLabel("Email").fill(ADMINISTRATOR.email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Set up" }).click();
  };
  await visitor.open(server.setupLink);
  await attempt("rejected", "stranger", "too short");
  await expect(page.getByRole("alert")).toBeVisible();
  await visitor.check();
  await attempt("organization", "founder", ADMINISTRATOR.password);
  await expect(page.getByRole("status")).toBeVisible();
  await signIn(page, ADMINISTRATOR);
}

/** Pages without a session, and pages that a member with the role read-only may not or may only read. */
async function visitAsOthers(visitor: Visitor, texts: MarkedTexts, { main, inviteUrl, reader }: Organization): Promise<void> {
  const { page } = visitor;
  for (const path of ["/docs", "/nowhere"]) await visitor.open(path);
  await visitor.open(inviteUrl);
  await page.getByLabel("Your name").fill(texts.of("invited"));
  await page.getByLabel("Password").fill("too short");
  await page.getByRole("button", { name: "Accept" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await visitor.check();

  await visitor.open(`/signin?next=${encodeURIComponent(`/${texts.of("next")}`)}`);
  // Disable the browser's own validation.
  await page.locator("form").evaluate((form: HTMLFormElement) => (form.noValidate = true));
  await fillSignIn(page, { email: texts.of("unknown"), password: "certainly not this one" });
  await expect(page.getByRole("alert")).toBeVisible();
  await visitor.check();
  await fillSignIn(page, reader);
  await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
  await visitor.check();
  const denied = ["/audit", "/integrations", "/tokens", "/organization", "/teams/new", "/detectors/new", `${main.dashboard}/edit`];
  for (const path of [...denied, "/account", ...Object.values(main)]) await visitor.open(path);

  // A form of another site, which the server rejects.
  await page.goto("about:blank");
  const action = `${new URL(inviteUrl).origin}/ui/sign-out?${encodeURIComponent(POLYGLOT)}`;
  await page.setContent(`<form method="post" action="${action}"><button>Send</button></form>`);
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("heading", { name: "Request rejected" })).toBeVisible();
  await visitor.check();
}
