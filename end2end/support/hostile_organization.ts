// Fills an organization with payloads through the API and the command line: each payload in every text.

import { expect } from "@playwright/test";

import type { Api, ApiResponse } from "./api.ts";
import { getRaw, ingest } from "./hostile_requests.ts";
import { createIntegrations, createObjects, invite, type Paths } from "./hostile_texts.ts";
import { type MarkedTexts, PAYLOADS, POLYGLOT, QUOTES } from "./markup.ts";
import { type Person, registerSecret, type Server } from "./server.ts";

/** The address of the client, as a trusted proxy states it. */
export const CLIENT_ADDRESS = "203.0.113.7";

/** What a client states about itself in front of the proxy. It is not believed, so it is shown nowhere. */
export const FORGED = `forged~${POLYGLOT}`;

export interface Organization {
  /** One object of each kind, whose texts leave every place. */
  main: Paths;
  /** The pages of the other objects. */
  others: string[];
  /** The link of an open invitation. */
  inviteUrl: string;
  /** A member whose role is read-only. */
  reader: Person;
}

/** Fills the organization as this administrator. */
export async function fillOrganization(server: Server, administrator: Person, texts: MarkedTexts): Promise<Organization> {
  const headers = { "User-Agent": texts.of("program"), "X-Forwarded-For": `${FORGED}, ${CLIENT_ADDRESS}` };
  const signedIn = await server.api(undefined, headers).post("/v2/session", administrator);
  const { accessToken } = signedIn.body as { accessToken: string };
  const api = server.api(accessToken, headers);
  await expectRules(api);
  await expectNoPage(api);
  const objects: Paths[] = [];
  let inviteUrl = "";
  for (const [number, payload] of [...PAYLOADS, POLYGLOT].entries()) {
    const text = (label: string) => texts.of(label, payload);
    objects.push(await createObjects(api, text));
    const links = await invite(api, text, number);
    links.forEach((link) => registerSecret(claimOf(link)));
    await accept(server, links[0]!, text("member.name"), administrator.password);
    inviteUrl = links[1]!;
  }
  const integrations = await createIntegrations(api, (label) => texts.of(label));
  const [name, alias, description] = ["category", "alias", "explanation"].map((label) => texts.of(label, QUOTES));
  expect((await api.call("PATCH", "/v2/organization/custom-categories", [{ name, alias, description }])).status).toBe(200);
  expect((await api.post("/v2/chart", { name: `=${texts.of("formula")}`, options: { type: "Text" } })).status).toBe(200);
  const { secret } = (await api.post("/v2/token", { name: "Ingest" })).body as { secret: string };
  await ingest(server.api(secret, headers));
  await requestPaths(server, { ...headers, "X-SF-TOKEN": accessToken }, texts);
  const main = objects.pop()!;
  const others = [...objects.map(({ dashboard }) => dashboard), ...integrations];
  return { main, others, inviteUrl, reader: await server.person(texts.of("reader"), "read_only") };
}

const claimOf = (link: string) => new URL(link).searchParams.get("claim")!;

/** Accepts an invitation under this name. */
async function accept(server: Server, link: string, name: string, password: string): Promise<void> {
  const response = await fetch(new URL("/ui/invitation/accept", server.baseURL), {
    method: "POST",
    headers: { Origin: server.baseURL, Accept: "text/html" },
    body: new URLSearchParams({ claim: claimOf(link), name, password }),
    redirect: "manual",
  });
  expect(response.headers.get("location"), await response.text()).toMatch(/\/signin/);
}

/** Rules that reject all payloads, so that no page has to show them. */
async function expectRules(api: Api): Promise<void> {
  const expectRejected = async (call: (text: string) => Promise<ApiResponse>) => {
    const responses = await Promise.all([...PAYLOADS, POLYGLOT].map(call));
    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 400));
  };
  const categories = (category: object) => api.call("PATCH", "/v2/organization/custom-categories", [category]);
  await expectRejected((name) => categories({ name }));
  await expectRejected((alias) => categories({ name: "x", alias }));
  await expectRejected((description) => categories({ name: "x", description }));
  await expectRejected((text) => api.post("/v2/organization/member", { email: `${text}@example.com` }));
  await expectRejected((text) => api.post("/v2/integration", { type: "Webhook", name: "x", url: `https://${text}.example.com` }));
}

/** An error of the API repeats its path, in a response that a browser does not read as a page. */
async function expectNoPage(api: Api): Promise<void> {
  for (const payload of PAYLOADS) {
    const { body, headers } = await api.get(`/v2/dashboard/${encodeURIComponent(payload)}`);
    expect(body).toEqual({ code: 400, message: `Invalid ID ${payload}` });
    expect([headers.get("content-type"), headers.get("x-content-type-options")]).toEqual(["application/json", "nosniff"]);
  }
}

/** Requests paths with payloads. Angle brackets are not valid in a path (RFC 3986), so they are escaped there. */
async function requestPaths(server: Server, headers: Record<string, string>, texts: MarkedTexts): Promise<void> {
  for (const payload of PAYLOADS) {
    const status = await getRaw(server.baseURL, `/v2/token/${payload.replace("/", "")}`, headers);
    expect(status, payload).toBe(/[<>]/.test(payload) ? 400 : 404);
  }
  const escaped = texts.of("path", encodeURIComponent(POLYGLOT));
  expect(await getRaw(server.baseURL, `/v2/token/${escaped}`, headers)).toBe(404);
}
