// Payloads in requests: paths, headers, queries, ingested data.

import { request } from "node:http";

import { expect } from "@playwright/test";

import type { Api } from "./api.ts";
import { ROUTES } from "./crawl.ts";
import { type MarkedTexts, PAYLOADS, POLYGLOT } from "./markup.ts";

/** Sends a GET with this path, without the escapes that URLs have. Returns the status. */
export function getRaw(baseURL: string, path: string, headers: Record<string, string>): Promise<number> {
  const { hostname, port } = new URL(baseURL);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    sent.on("error", reject).end();
  });
}

/** Sends data whose names and values are payloads. No page shows data. */
export async function ingest(api: Api): Promise<void> {
  for (const payload of [...PAYLOADS, POLYGLOT]) {
    const dimensions = { [payload]: payload };
    const sent = [
      await api.post("/v2/datapoint", { gauge: [{ metric: payload, value: 1, dimensions }] }),
      await api.post("/v2/event", [{ eventType: payload, category: "USER_DEFINED", dimensions, properties: { [payload]: payload } }]),
    ];
    expect(sent.map(({ status }) => status)).toEqual([200, 200]);
  }
}

/** The parameters of pages. All of a line are given together. */
const QUERIES = [
  "/dashboards q sort page",
  "/dashboards show of",
  "/dashboard-groups q sort page",
  "/detectors q tag team creator sort",
  "/muting-rules q state sort page",
  "/data-links q sort",
  "/slos q sort",
  "/catalog/metrics q sort",
  "/catalog/dimensions q sort",
  "/integrations q type state creator sort",
  "/integrations/new type",
  "/teams q sort",
  "/organization q role state sort",
  "/organization/invitations withdraw",
  "/organization/categories edit delete",
  "/access-tokens q state sort",
  "/tokens q state kind age unused sort revoke",
  "/account revoke end",
  "/setup claim",
  "/invitation claim",
  ...["person", "token", "kind", "object", "action", "outcome", "address", "from", "before", "what"].map((name) => `/audit ${name}`),
  ...["range", "status", "person", "token", "route", "from"].map((name) => `/usage ${name}`),
];

/** The filters that the audit page repeats in its fields and messages. Lists repeat what is searched for. */
const REPEATED = ["person", "token", "kind", "object", "action", "address", "from"];

/** The addresses of pages with a payload in every parameter, in place of ids, and where there is no page. */
export function hostileAddresses(texts: MarkedTexts): string[] {
  const queries = QUERIES.map((line) => {
    const [path, ...names] = line.split(" ");
    const isRepeated = (name: string) => (path === "/audit" ? REPEATED.includes(name) : name === "q");
    const pairs = names.map((name) => [name, isRepeated(name) ? texts.of(`${path} ${name}`) : POLYGLOT]);
    return `${path}?${new URLSearchParams(pairs)}`;
  });
  const payload = encodeURIComponent(POLYGLOT);
  const paths = ROUTES.filter((route) => route.endsWith(":id")).map((route) => route.replace(":id", payload));
  const unknown = ["/", "/pkg/", "/ui/", "/v2/", "/v2/dashboard/", "/audit/export?format=", "/audit/export?kind="].map((path) => `${path}${payload}`);
  const next = `/confirm?${new URLSearchParams({ next: `/${texts.of("confirm")}` })}`;
  return [...queries, next, ...paths, ...unknown, `/teams?q=${payload}%00`];
}
