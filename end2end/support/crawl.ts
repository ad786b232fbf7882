// Follows links from page to page, and opens one page of each kind.

import { readFileSync } from "node:fs";

const DECLARATION = readFileSync(new URL("../../app/src/routes.rs", import.meta.url), "utf8");

/** The routes of all pages, as the product declares them: `/teams/:id`. */
export const ROUTES = [...DECLARATION.matchAll(/path!\("([^"]+)"\)/g)].map(([, route]) => route!);

const ID = /^[A-Za-z0-9_-]{10}[AEIMQUYcgkosw048]$/;

/** The route of a path; a literal segment precedes a parameter. */
export function routeOf(path: string): string | undefined {
  const fits = (route: string) => new RegExp(`^${route.replaceAll(/:\w+/g, "[^/]+")}$`).test(path);
  return ROUTES.filter(fits).sort((one, other) => one.split(":").length - other.split(":").length)[0];
}

/** Parameters that decide which parts a page has. Of all others only the name counts. */
const DECIDING = ["show", "ask", "what"];

/** Parameters that change only which rows a page has. */
const IGNORED = ["of", "q", "sort", "range"];

/** What distinguishes a page from others: its route, its dialog, and its filter. */
function kindOf({ pathname, searchParams }: URL): string | undefined {
  const given = [...searchParams].filter(([name, value]) => value !== "" && !IGNORED.includes(name));
  // A page with several filters has no part that a page with one of them does not have.
  if (given.filter(([name]) => !DECIDING.includes(name)).length > 1) return undefined;
  const parts = given.map(([name, value]) => (DECIDING.includes(name) ? `${name}=${value}` : name));
  const path = routeOf(pathname) ?? pathname.split("/").map((segment) => (ID.test(segment) ? ":id" : segment)).join("/");
  return `${path}?${parts.sort().join("&")}`;
}

/**
 * Opens the seeds and everything that their links lead to on the same origin, one page of each kind. `open` opens a page and
 * returns its links. Addresses below `skipped` and downloads are not opened.
 */
export async function crawl(seeds: URL[], skipped: string[], open: (url: URL) => Promise<URL[]>): Promise<void> {
  const opened = new Set<string>();
  const waiting = [...seeds];
  for (let url = waiting.shift(); url; url = waiting.shift()) {
    const { origin, pathname } = url;
    const kind = kindOf(url);
    if (!kind || opened.has(kind) || origin !== seeds[0]!.origin || skipped.some((path) => pathname.startsWith(path)) || pathname.endsWith("/export")) continue;
    opened.add(kind);
    waiting.push(...(await open(url)));
  }
}
