// Downloads of the audit log and the API: a browser does not show them as a page, and a spreadsheet runs nothing in them.

import { type APIRequestContext, expect } from "@playwright/test";

/** What a spreadsheet reads as the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** Checks the downloads of a signed-in browser. All exports of the audit log contain `text`, and events `formula`. */
export async function checkDownloads(request: APIRequestContext, text: string, formula: string): Promise<void> {
  const types = { ndjson: "application/x-ndjson", csv: "text/csv; charset=utf-8; header=present" };
  for (const [format, type] of Object.entries(types)) {
    for (const what of ["events", "calls"]) {
      const response = await request.get(`/audit/export?what=${what}&format=${format}`);
      const headers = response.headers();
      expect(headers).toMatchObject({ "content-type": type, "x-content-type-options": "nosniff" });
      expect(headers["content-disposition"]).toMatch(/^attachment; filename="countersign-\w+-\w+\.\w+"$/);
      const content = await response.text();
      if (format === "ndjson") {
        expect(content, what).toContain(JSON.stringify(text).slice(1, -1));
        continue;
      }
      const cells = cellsOf(content);
      expect(cells, what).toContain(text);
      expect(cells.filter((cell) => FORMULA.test(cell)), what).toEqual([]);
      if (what === "events") expect(cells).toContain(`'${formula}`);
    }
  }
  const api = await request.get("/openapi.json");
  expect(api.headers()).toMatchObject({ "content-type": "application/json", "x-content-type-options": "nosniff" });
}

/** The cells of comma-separated values (RFC 4180). */
function cellsOf(csv: string): string[] {
  const cells = csv.matchAll(/"((?:[^"]|"")*)"|[^,\r\n"]+/g);
  return [...cells].map(([cell, quoted]) => (quoted === undefined ? cell : quoted.replaceAll('""', '"')));
}
