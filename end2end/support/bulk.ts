// Many of each thing, made through the API, for lists that are long.

import { expect } from "@playwright/test";

import type { Person, Server } from "./server.ts";

/** Requests that are on their way at once. */
const CONCURRENCY = 16;

/** Sign-ins of one person at once: each counts as a failed one until it is over, and only a few may fail. */
const SIGN_IN_CONCURRENCY = 4;

/** Asks as one program of one person. What it is answered is not written down: what is made here is only counted. */
export class BulkCreator {
  readonly #server: Server;
  readonly #token: string;

  constructor(server: Server, token: string) {
    this.#server = server;
    this.#token = token;
  }

  /** Makes as many by this request, each with its number. */
  async create(path: string, numbers: Iterable<number>, body: (number: number) => unknown): Promise<void> {
    await forEachConcurrently(numbers, CONCURRENCY, async (number) => {
      await this.#post(path, body(number));
    });
  }

  /** Tokens of a person, each from an address and a password. */
  async issueTokens({ email, password }: Person, numbers: Iterable<number>): Promise<void> {
    await forEachConcurrently(numbers, SIGN_IN_CONCURRENCY, async () => {
      await this.#post("/v2/session", { email, password });
    });
  }

  /** Members, each invited and accepting. */
  async createMembers(numbers: Iterable<number>, password: string): Promise<void> {
    const all = [...numbers];
    const given = all.map((number) => ({ email: `member.${number}@example.com`, fullName: numbered("Member", number), roles: [number % 2 ? "usage" : "power"] }));
    if (given.length === 0) return;
    const { members } = (await this.#post("/v2/organization/members", { members: given })) as { members: { inviteUrl: string }[] };
    await forEachConcurrently(members.keys(), CONCURRENCY, async (place) => {
      const claim = new URL(members[place]!.inviteUrl).searchParams.get("claim")!;
      const response = await fetch(new URL("/ui/invitation/accept", this.#server.baseURL), {
        method: "POST",
        headers: { Origin: this.#server.baseURL, Accept: "text/html" },
        body: new URLSearchParams({ claim, name: given[place]!.fullName, password }),
        redirect: "manual",
      });
      expect(response.headers.get("location"), await response.text()).toMatch(/\/signin/);
    });
  }

  async #post(path: string, body: unknown): Promise<unknown> {
    const response = await fetch(new URL(path, this.#server.baseURL), {
      method: "POST",
      headers: { "X-SF-TOKEN": this.#token, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    expect(response.status, text).toBe(200);
    return JSON.parse(text);
  }
}

/** "Team 007": in the order of numbers when sorted by name. */
export const numbered = (word: string, number: number) => `${word} ${String(number).padStart(3, "0")}`;

/** From the first number to the last, both of them. */
export const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, place) => first + place);

async function forEachConcurrently(numbers: Iterable<number>, concurrency: number, run: (number: number) => Promise<void>): Promise<void> {
  const waiting = [...numbers];
  const worker = async () => {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) await run(number);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
