// The API as a script calls it.

export interface Answer {
  status: number;
  /** The JSON of the body; its text where it is no JSON; nothing where it is empty. */
  body: unknown;
  headers: Headers;
}

export class Api {
  readonly #baseURL: string;
  readonly #token: string | undefined;
  readonly #noteSecret: (secret: string) => void;

  constructor(baseURL: string, token: string | undefined, noteSecret: (secret: string) => void) {
    this.#baseURL = baseURL;
    this.#token = token;
    this.#noteSecret = noteSecret;
    if (token) noteSecret(token);
  }

  get = (path: string) => this.call("GET", path);
  post = (path: string, body?: unknown) => this.call("POST", path, body);
  put = (path: string, body?: unknown) => this.call("PUT", path, body);
  delete = (path: string) => this.call("DELETE", path);

  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    const headers: Record<string, string> = {};
    if (this.#token) headers["X-SF-TOKEN"] = this.#token;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const answer = await fetch(new URL(path, this.#baseURL), {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    for (const [token] of text.matchAll(/cs[uo]_[0-9A-Za-z]{36}/g)) this.#noteSecret(token);
    return { status: answer.status, body: read(text), headers: answer.headers };
  }
}

function read(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
