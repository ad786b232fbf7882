// Scans artifacts for secrets: stories register each secret they see, and after the last story all files that servers and
// browsers wrote are scanned for these secrets and for any other text that has the shape of a token.

import { appendFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The shape of a token: prefix, 30 random characters, 6 checksum characters. */
const TOKEN = /cs[uo]_[0-9A-Za-z]{36}/g;

export interface Found {
  file: string;
  /** The first and last characters: enough to recognise the secret, not enough to use it. */
  hint: string;
  /** The encoding in which it was found. */
  form: string;
}

/** Registers a secret for the scan. */
export function register(file: string, secret: string): void {
  appendFileSync(file, JSON.stringify(secret) + "\n", { mode: 0o600 });
}

/** The registered secrets, without duplicates. */
export function registered(file: string): string[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return [...new Set(lines.map((line) => JSON.parse(line) as string))];
}

/** Scans every file below a folder. */
export function scan(folder: string, secrets: string[]): { files: number; found: Found[] } {
  const forms = secrets.flatMap(formsOf);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const found = files.flatMap((entry) => {
    const file = join(entry.parentPath, entry.name);
    // Latin-1 maps every byte to one character, so binary files can be searched as text.
    const content = readFileSync(file, "latin1");
    const known = forms
      .filter(({ text }) => content.includes(text))
      .map(({ form, secret }) => ({ file, form, hint: hintOf(secret) }));
    const shaped = [...content.matchAll(TOKEN)]
      .filter(([token]) => !secrets.includes(token))
      .map(([token]) => ({ file, form: "the shape of a token", hint: hintOf(token) }));
    return [...known, ...shaped];
  });
  return { files: files.length, found };
}

export const describe = ({ file, form, hint }: Found) => `  ${hint} as ${form} in ${file}`;

const hintOf = (secret: string) => `${secret.slice(0, 4)}…${secret.slice(-4)}`;

/** The encodings in which a secret could be stored. */
function formsOf(secret: string): { text: string; form: string; secret: string }[] {
  const bytes = Buffer.from(secret);
  const forms = [
    { text: bytes.toString("latin1"), form: "plain text" },
    { text: bytes.toString("hex"), form: "hexadecimal" },
    { text: bytes.toString("hex").toUpperCase(), form: "hexadecimal" },
    { text: Buffer.from(secret, "utf16le").toString("latin1"), form: "UTF-16" },
    { text: encodeURIComponent(secret), form: "URL encoding" },
    // The Base64 form depends on the offset within a group of three bytes; its inner part is fixed for each offset.
    ...[0, 1, 2].map((offset) => ({ text: base64Within(bytes, offset), form: "Base64" })),
  ];
  // A token without its prefix is as sensitive as the whole.
  if (secret.match(TOKEN)?.[0] === secret) forms.push({ text: secret.slice(4), form: "plain text without its prefix" });
  // For some secrets several encodings give the same text: keep the first.
  const texts = forms.map(({ text }) => text);
  return forms.filter(({ text }, index) => texts.indexOf(text) === index).map((form) => ({ ...form, secret }));
}

/** The Base64 characters that depend on this secret alone, if it starts `offset` bytes into a group of three. */
function base64Within(secret: Buffer, offset: number): string {
  const whole = Buffer.concat([Buffer.alloc(offset), secret]).toString("base64").replace(/=+$/, "");
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor(((offset + secret.length) * 8) / 6);
  return whole.slice(first, last);
}
