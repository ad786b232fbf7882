// A client for the REST API, as a script would call it.

export interface ApiResponse {
  status: number;
  /** The parsed JSON body; the text if it is not JSON; `undefined` if it is empty. */
  body: unknown;
  headers: Headers;
}

export class Api {
  readonly #baseURL: string;
  readonly #token: string | undefined;
  readonly #registerSecret: (secret: string) => void;
  readonly #headers: Record<string, string>;

  constructor(baseURL: string, token: string | undefined, registerSecret: (secret: string) => void, headers: Record<string, string>) {
    this.#baseURL = baseURL;
    this.#token = token;
    this.#registerSecret = registerSecret;
    this.#headers = headers;
    if (token) registerSecret(token);
  }

  get = (path: string) => this.call("GET", path);
  post = (path: string, body?: unknown) => this.call("POST", path, body);
  put = (path: string, body?: unknown) => this.call("PUT", path, body);
  delete = (path: string) => this.call("DELETE", path);

  async call(method: string, path: string, body?: unknown): Promise<ApiResponse> {
    const headers: Record<string, string> = { ...this.#headers };
    if (this.#token) headers["X-SF-TOKEN"] = this.#token;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const response = await fetch(new URL(path, this.#baseURL), {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    for (const [token] of text.matchAll(/cs[uo]_[0-9A-Za-z]{36}/g)) this.#registerSecret(token);
    return { status: response.status, body: read(text), headers: response.headers };
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
