// Markup in texts: payloads that would leave the place a text is written to, and the check that a page shows them as text.

import type { Page } from "@playwright/test";

/**
 * Each leaves another place where a page may write a text: a title, an attribute, a comment, CDATA, a script. Outside of it
 * follows the element `x-probe`; after the quotes, the attribute `x-probe`.
 */
export const PAYLOADS = ["</title><x-probe>", '"><x-probe>', "--><x-probe>", "]]><x-probe>", "</script><x-probe>", `'"/x-probe="`];

/** Leaves all of these places and more. With a label it fits into the shortest texts, which have 100 characters. */
export const POLYGLOT = `'"></title></textarea></select></style></script>]]>--><x-probe>'"/x-probe="`;

/** For texts that may not have markup, such as email addresses: leaves an attribute in single quotes. */
export const QUOTES = "'/x-probe='";

/** The texts that a story has set, and which of them pages have shown. */
export class MarkedTexts {
  readonly #isShown = new Map<string, boolean>();

  /** A text with this payload. The label states where it is set, so that no two places have the same text. */
  of(label: string, payload = POLYGLOT): string {
    const text = `${label}~${payload}`;
    // There are several objects of each kind, and most of them are opened in lists only, which show names.
    const isExpected = !PAYLOADS.includes(payload) || label.endsWith(".name");
    if (isExpected && !this.#isShown.has(text)) this.#isShown.set(text, false);
    return text;
  }

  /** Notes the texts that a page shows, as they are or within JSON. */
  see(shown: string): void {
    for (const [text, isShown] of this.#isShown) {
      if (!isShown) this.#isShown.set(text, shown.includes(text) || shown.includes(JSON.stringify(text).slice(1, -1)));
    }
  }

  /** The labels of the texts that no page has shown. */
  get unseen(): string[] {
    const unseen = [...this.#isShown].filter(([, isShown]) => !isShown);
    return [...new Set(unseen.map(([text]) => text.slice(0, text.indexOf("~"))))].sort();
  }
}

export interface Inspection {
  /** What a text has added to the page besides text. */
  faults: string[];
  /** All text of the page: title, content and field values. */
  text: string;
  /** The addresses of all links, and of all forms that only read. */
  links: string[];
}

/** Inspects the current page. It does not depend on the page's own scripts. */
export const inspect = (page: Page): Promise<Inspection> =>
  page.locator("html").evaluate(() => {
    const isWeb = (address: string) => URL.canParse(address, location.href) && /^https?:$/.test(new URL(address, location.href).protocol);
    const faultsOf = (element: Element) => {
      const attributes = [...element.attributes];
      const strange = attributes.filter(({ name }) => /[<>"'/]|^on|^x-probe$/.test(name));
      const running = attributes.filter(({ name, value }) => /^(href|src|action|formaction)$/.test(name) && !isWeb(value));
      const named = [...strange, ...running].map(({ name, value }) => `${element.localName} ${name}="${value}"`);
      return element.localName === "x-probe" ? ["x-probe", ...named] : named;
    };
    const templates = [...document.querySelectorAll("template")].map((template) => template.content);
    const elements = [document, ...templates].flatMap((root) => [...root.querySelectorAll("*")]);
    const links = [...document.querySelectorAll<HTMLAnchorElement>("a[href]:not(svg *)")].map((link) => link.href);
    // By attribute: a field named `action` hides the property of that name.
    const forms = [...document.querySelectorAll<HTMLFormElement>("form[method=get]")].map((form) => {
      const address = new URL(form.getAttribute("action") ?? "", location.href);
      address.search = new URLSearchParams(new FormData(form) as unknown as Record<string, string>).toString();
      return address.href;
    });
    const fields = [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")];
    const shown = [document.title, document.body.textContent, ...fields.map((field) => field.value)];
    return { faults: elements.flatMap(faultsOf), text: shown.join("\n"), links: [...links, ...forms] };
  });
