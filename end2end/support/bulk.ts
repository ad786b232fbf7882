// Creates many objects through the API, for stories about long lists.

import { expect } from "@playwright/test";

import type { Person, Server } from "./server.ts";

/** Concurrent requests. */
const CONCURRENCY = 16;

/** Concurrent sign-ins of one person: a pending sign-in counts as failed until it completes, and few failures are allowed. */
const SIGN_IN_CONCURRENCY = 4;

/** Calls the API with one token. It does not register secrets in responses: stories only count what it creates. */
export class BulkCreator {
  readonly #server: Server;
  readonly #token: string;

  constructor(server: Server, token: string) {
    this.#server = server;
    this.#token = token;
  }

  /** Sends this request once for each number. */
  async create(path: string, numbers: Iterable<number>, body: (number: number) => unknown): Promise<void> {
    await forEachConcurrently(numbers, CONCURRENCY, async (number) => {
      await this.#post(path, body(number));
    });
  }

  /** Issues session tokens to a person, each with email and password. */
  async issueTokens({ email, password }: Person, numbers: Iterable<number>): Promise<void> {
    await forEachConcurrently(numbers, SIGN_IN_CONCURRENCY, async () => {
      await this.#post("/v2/session", { email, password });
    });
  }

  /** Creates members: invites each and accepts the invitation. */
  async createMembers(numbers: Iterable<number>, password: string): Promise<void> {
    const all = [...numbers];
    const invitations = all.map((number) => ({ email: `member.${number}@example.com`, fullName: numbered("Member", number), roles: [number % 2 ? "usage" : "power"] }));
    if (invitations.length === 0) return;
    const { members } = (await this.#post("/v2/organization/members", { members: invitations })) as { members: { inviteUrl: string }[] };
    await forEachConcurrently(members.keys(), CONCURRENCY, async (index) => {
      const claim = new URL(members[index]!.inviteUrl).searchParams.get("claim")!;
      const response = await fetch(new URL("/ui/invitation/accept", this.#server.baseURL), {
        method: "POST",
        headers: { Origin: this.#server.baseURL, Accept: "text/html" },
        body: new URLSearchParams({ claim, name: invitations[index]!.fullName, password }),
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

/** A name such as "Team 007", padded so that names sort in numeric order. */
export const numbered = (word: string, number: number) => `${word} ${String(number).padStart(3, "0")}`;

/** The numbers from first to last, inclusive. */
export const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

async function forEachConcurrently(numbers: Iterable<number>, concurrency: number, run: (number: number) => Promise<void>): Promise<void> {
  const waiting = [...numbers];
  const worker = async () => {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) await run(number);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
