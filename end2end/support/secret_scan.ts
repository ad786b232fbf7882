// No secret may be left anywhere: the stories write down each one they see, and at the end everything that servers and
// browsers left is searched for them, and for anything else that has the shape of a token.

import { appendFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The shape of a token: its family, thirty characters of chance, six of checksum. */
const TOKEN = /cs[uo]_[0-9A-Za-z]{36}/g;

export interface Found {
  file: string;
  /** Enough to recognise the secret, not enough to use it. */
  hint: string;
  /** In which form it was found. */
  form: string;
}

/** Writes a secret down, to be searched for at the end. */
export function register(file: string, secret: string): void {
  appendFileSync(file, JSON.stringify(secret) + "\n", { mode: 0o600 });
}

/** The secrets written down, each once. */
export function registered(file: string): string[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return [...new Set(lines.map((line) => JSON.parse(line) as string))];
}

/** Searches every file below a folder. */
export function scan(folder: string, secrets: string[]): { files: number; found: Found[] } {
  const forms = secrets.flatMap(formsOf);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const found = files.flatMap((entry) => {
    const file = join(entry.parentPath, entry.name);
    // One character a byte, whatever the bytes are.
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

/** The ways in which a secret could lie around. */
function formsOf(secret: string): { text: string; form: string; secret: string }[] {
  const bytes = Buffer.from(secret);
  const forms = [
    { text: bytes.toString("latin1"), form: "plain text" },
    { text: bytes.toString("hex"), form: "hexadecimal" },
    { text: bytes.toString("hex").toUpperCase(), form: "hexadecimal" },
    { text: Buffer.from(secret, "utf16le").toString("latin1"), form: "UTF-16" },
    { text: encodeURIComponent(secret), form: "URL encoding" },
    // Base64 of a text depends on where it starts among threes of bytes; its inner part is the same for each start.
    ...[0, 1, 2].map((offset) => ({ text: base64Within(bytes, offset), form: "Base64" })),
  ];
  // A token may have been taken apart: its part without the family is as good.
  if (secret.match(TOKEN)?.[0] === secret) forms.push({ text: secret.slice(4), form: "plain text without its family" });
  // Some forms of some secrets are the same text: the first name says it best.
  const texts = forms.map(({ text }) => text);
  return forms.filter(({ text }, place) => texts.indexOf(text) === place).map((form) => ({ ...form, secret }));
}

/** The characters of Base64 that only this secret decides, when it starts `offset` bytes into a group of three. */
function base64Within(secret: Buffer, offset: number): string {
  const whole = Buffer.concat([Buffer.alloc(offset), secret]).toString("base64").replace(/=+$/, "");
  const first = Math.ceil((offset * 8) / 6);
  const last = Math.floor(((offset + secret.length) * 8) / 6);
  return whole.slice(first, last);
}
