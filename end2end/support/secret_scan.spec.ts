// The secret scan finds planted secrets in every encoding, and nothing else.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "@playwright/test";

import { register, registered, scan } from "./secret_scan.ts";

const TOKEN = "csu_" + "0aZ9".repeat(9);
const PASSWORD = "correct horse / battery";

/** The findings of a scan of a folder with one file of this content. */
function foundIn(content: string | Buffer, secrets: string[]): string[] {
  const folder = join(test.info().outputDir, "planted", "deep");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "countersign.db"), content);
  const { files, found } = scan(join(folder, ".."), secrets);
  expect(files).toBe(1);
  return found.map(({ form }) => form);
}

const around = (middle: string | Buffer) =>
  Buffer.concat([Buffer.from([0, 255, 7, 200]), Buffer.from(middle), Buffer.from([254, 0])]);

test("a registered secret is found in every encoding", () => {
  const planted: [string | Buffer, string][] = [
    [TOKEN, "plain text"],
    [TOKEN.slice(4), "plain text without its prefix"],
    [Buffer.from(TOKEN).toString("hex"), "hexadecimal"],
    [Buffer.from(TOKEN).toString("base64"), "Base64"],
    [Buffer.from(`a${TOKEN}b`).toString("base64"), "Base64"],
    [Buffer.from(`{"${TOKEN}"}`).toString("base64url"), "Base64"],
    [Buffer.from(TOKEN, "utf16le"), "UTF-16"],
  ];
  for (const [content, form] of planted) {
    expect(foundIn(around(content), [TOKEN]), form).toContain(form);
  }
  expect(foundIn(around(PASSWORD), [PASSWORD])).toEqual(["plain text"]);
  expect(foundIn(`?q=${encodeURIComponent(PASSWORD)}`, [PASSWORD])).toEqual(["URL encoding"]);
});

test("an unregistered token is found by its shape", () => {
  expect(foundIn(around(`${TOKEN}"`), [])).toEqual(["the shape of a token"]);
  expect(foundIn(around(TOKEN.replace("csu_", "cso_")), [])).toEqual(["the shape of a token"]);
});

test("a masked or incomplete token is not reported", () => {
  expect(foundIn(around(`${TOKEN.slice(0, 8)}…${TOKEN.slice(-4)}`), [TOKEN, PASSWORD])).toEqual([]);
  expect(foundIn(TOKEN.slice(0, -1), [])).toEqual([]);
});

test("each secret is registered once, whatever characters it contains", () => {
  const file = join(test.info().outputDir, "secrets");
  mkdirSync(test.info().outputDir, { recursive: true });
  expect(registered(file)).toEqual([]);
  for (const secret of ["one", "two\nlines", "one"]) register(file, secret);
  expect(registered(file)).toEqual(["one", "two\nlines"]);
});
