// Metrics and dimensions: found from the page of the access token that sent them.

import { expect, test } from "../../support/story.ts";
import { chooseAction, fillSignIn, row } from "../../support/steps.ts";

test("what an access token sent is found from its page", async ({ page, emptyServer }) => {
  const person = await emptyServer.person("Grace Hopper", "admin");
  const api = emptyServer.api(await emptyServer.sessionToken(person));
  const token = (await api.post("/v2/token", { name: "Collector", authScopes: ["INGEST"] })).body as { id: string; secret: string };
  const points = ["web-1", "web-2"].map((host) => ({ metric: `cpu.${host}`, value: 1, dimensions: { host } }));
  expect((await emptyServer.api(token.secret).post("/v2/datapoint", { gauge: points })).status).toBe(200);
  expect((await api.call("PUT", "/v2/metric/cpu.web-1", { description: "Busy", customProperties: { owner: "payments" }, tags: ["old"] })).status).toBe(200);

  await page.goto(`${emptyServer.baseURL}/access-tokens/${token.id}`);
  await fillSignIn(page, person);
  const panel = page.getByRole("region", { name: "Metrics and dimensions" });
  await panel.getByLabel("Search metrics").fill("web-1");
  await panel.getByLabel("Search metrics").press("Enter");
  await expect(page.getByRole("heading", { name: "Metrics", exact: true })).toBeVisible();
  await expect(page.getByRole("status")).toHaveText("1 metric");
  for (const text of ["cpu.web-1", "Busy", "owner: payments", "old", "GAUGE", "by Collector"]) {
    await expect(row(page, "cpu.web-1")).toContainText(text);
  }
  await chooseAction(page, "cpu.web-1", "Info");
  await expect(page.getByRole("dialog")).toContainText("Grace Hopper");

  await page.goto(`${emptyServer.baseURL}/catalog/dimensions`);
  await expect(page.getByRole("status")).toHaveText("2 dimensions");
  const search = page.getByRole("searchbox", { name: "Search dimensions" });
  await search.fill("host:web-2 OR nothing");
  await search.press("Enter");
  await expect(row(page, "host:web-2")).toBeVisible();
  await expect(row(page, "host:web-1")).toHaveCount(0);
});

test("a query that cannot be read says where its mistake is", async ({ page, emptyServer, expectedMessages }) => {
  expectedMessages.push(/400/);
  const person = await emptyServer.person("Grace Hopper", "read_only");
  await page.goto(`${emptyServer.baseURL}/catalog/metrics`);
  await fillSignIn(page, person);
  await expect(page.getByText("No metrics yet")).toBeVisible();
  const search = page.getByRole("searchbox", { name: "Search metrics" });
  await search.fill("name:(cpu");
  await search.press("Enter");
  await expect(page.getByRole("alert")).toContainText("a bracket is not closed");
  await expect(search).toHaveValue("name:(cpu");
});
