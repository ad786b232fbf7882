// The main story: a user generates, shows, copies, hides and uses a token, and the token ends.

import { expect, test, waitForHydration } from "../../support/story.ts";
import {
  expectAbsent,
  GENERATE,
  generate,
  generateTokenFor,
  installClock,
  openAccountSettings,
  openProfile,
  readToken,
  revealed,
  row,
  SHOW,
  signIn,
  signOut,
  SNIPPETS,
  snippetsOf,
} from "../../support/steps.ts";

test.describe("with scripts", () => {
  test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, "showing, copying and hiding in place require scripts");

  test("a token is generated, shown, copied, hidden and used, and ends at sign-out", async ({
    page,
    context,
    server,
    savePage,
    registerSecret,
  }) => {
    const person = await server.person("Grace Hopper", "power");
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await signIn(page, person);
    await openAccountSettings(page, person);
    await waitForHydration(page);

    await page.getByRole("button", { name: GENERATE }).click();
    const show = page.getByRole("button", { name: SHOW });
    await show.click();
    const field = page.getByRole("textbox", { name: "User API access token" });
    await expect(field).toHaveValue(/^csu_[0-9A-Za-z]{36}$/);
    const token = await field.inputValue();
    registerSecret(token);

    await page.getByRole("button", { name: "Copy" }).click();
    await expect(page.getByText("Copied to the clipboard")).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
    await expect(page.getByRole("button", { name: "Copy", exact: true })).toBeVisible();

    await page.getByRole("button", { name: "Hide" }).click();
    await expect(field).toHaveCount(0);
    await expectAbsent(page, token);
    await savePage(page, "hidden");

    await page.reload();
    await waitForHydration(page);
    await expect(page.getByRole("button", { name: SHOW })).toHaveCount(0);
    await expectAbsent(page, token);
    await savePage(page, "reloaded");

    const session = await server.api(token).get("/v2/session");
    expect(session.status).toBe(200);
    expect(JSON.stringify(session.body)).toContain(person.email);
    const lasting = await server.sessionToken(person);

    await signOut(page, person);
    expect((await server.api(token).get("/v2/session")).status).toBe(401);
    expect((await server.api(lasting).get("/v2/session")).status).toBe(200);
    await page.goBack();
    await expectAbsent(page, token);
  });

  test("Copy works without Show, and its confirmation disappears", async ({ page, context, server }) => {
    const person = await server.person("Grace Hopper", "usage");
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await installClock(page);
    await signIn(page, person);
    await openAccountSettings(page, person);
    const panel = await generate(page, "deploy script");
    await panel.getByRole("button", { name: "Copy", exact: true }).click();
    await expect(panel.getByRole("button", { name: "Copied", exact: true })).toBeVisible();
    await expect(panel.getByRole("status")).toHaveText("Copied to the clipboard");
    await expect(revealed(panel)).toHaveCount(0);
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/^csu_[0-9A-Za-z]{36}$/);
    expect((await server.api(copied).get("/v2/session")).status).toBe(200);
    await page.clock.runFor(2_000);
    await expect(panel.getByRole("button", { name: "Copy", exact: true })).toBeVisible();
    await expect(panel.getByRole("status")).toBeEmpty();
  });

  test("snippets for curl and Terraform contain the token only while it is shown", async ({
    page,
    context,
    server,
    registerSecret,
    savePage,
    checkAccessibility,
  }) => {
    const person = await server.person("Grace Hopper", "power");
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await signIn(page, person);
    await openAccountSettings(page, person);
    const panel = await generate(page, "deploy script");
    await expect(panel.getByRole("button", { name: "Copy" })).toHaveCount(1);
    await panel.getByText(SNIPPETS).click();
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await panel.getByRole("group", { name: "curl" }).getByRole("button", { name: "Copy" }).click();
    await expect(panel.getByRole("status")).toHaveText("Copied to the clipboard");
    const token = (await copied()).match(/csu_[0-9A-Za-z]{36}/)![0];
    registerSecret(token);
    expect((await server.api(token).get("/v2/session")).status).toBe(200);
    await expectAbsent(page, token);
    await savePage(page, "snippets-hidden");
    await checkAccessibility(page);

    const mask = `${token.slice(0, 8)}${"•".repeat(12)}${token.slice(-4)}`;
    for (const [label, text] of Object.entries(snippetsOf(token, server.baseURL))) {
      const snippet = panel.getByRole("group", { name: label });
      const area = snippet.getByRole("textbox", { name: label });
      await expect(area).toHaveValue(text.replace(token, mask));
      await snippet.getByRole("button", { name: "Copy" }).click();
      await expect.poll(copied).toBe(text);
      await panel.getByRole("button", { name: SHOW }).click();
      await expect(area).toHaveValue(text);
      await page.keyboard.press("Escape");
      await expectAbsent(page, token);
    }
    await panel.getByRole("button", { name: SHOW }).click();
    // Leaving needs no confirmation: a copied snippet contains the token.
    await page.getByRole("link", { name: "Countersign" }).click();
    await expect(page.getByRole("heading", { name: "Dashboards", level: 1 })).toBeVisible();
    await page.goBack();
    await expectAbsent(page, token);
  });

  test("a revealed token is hidden after two minutes unless extended", async ({ page, server, registerSecret }) => {
    const person = await server.person("Grace Hopper", "usage");
    await installClock(page);
    await signIn(page, person);
    await openAccountSettings(page, person);
    const panel = await generate(page, "deploy script");
    const show = panel.getByRole("button", { name: SHOW });
    await show.click();
    const token = await revealed(panel).inputValue();
    registerSecret(token);
    await expect(panel.getByText("Hides in 2:00")).toBeVisible();
    await page.clock.runFor(90_000);
    await expect(panel.getByText("Hides in 0:30")).toBeVisible();
    await page.clock.runFor(15_000);
    await expect(panel.getByText("The token hides in 20 seconds.")).toBeAttached();
    await panel.getByRole("button", { name: "Keep showing" }).click();
    await page.clock.runFor(100_000);
    await expect(revealed(panel)).toHaveValue(token);
    await page.clock.runFor(21_000);
    await expect(show).toBeVisible();
    await expectAbsent(page, token);
  });

  test("a revealed token is hidden on Escape, and when the page is in the background", async ({ page, server, registerSecret }) => {
    const person = await server.person("Grace Hopper", "usage");
    await installClock(page);
    await signIn(page, person);
    await openAccountSettings(page, person);
    const panel = await generate(page, "deploy script");
    const show = panel.getByRole("button", { name: SHOW });
    await show.click();
    const token = await revealed(panel).inputValue();
    registerSecret(token);
    await page.keyboard.press("Escape");
    await expectAbsent(page, token);

    await show.click();
    await page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { get: () => "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    });
    await page.clock.runFor(59_000);
    await expect(revealed(panel)).toHaveValue(token);
    await page.clock.runFor(2_000);
    await expectAbsent(page, token);
  });

  test("Show, Copy and Hide keep the keyboard focus", async ({ page, context, server }) => {
    const person = await server.person("Grace Hopper", "usage");
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await signIn(page, person);
    await openAccountSettings(page, person);
    await waitForHydration(page);
    await page.getByLabel("Name (optional)").focus();
    await page.keyboard.type("by keyboard");
    await page.keyboard.press("Enter");
    const panel = page.getByRole("region", { name: "by keyboard", exact: true });
    await panel.getByRole("button", { name: SHOW }).focus();
    await page.keyboard.press("Enter");
    await expect(revealed(panel)).toBeVisible();
    await expect(panel.getByRole("button", { name: "Hide", exact: true })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(panel.getByRole("button", { name: SHOW })).toBeFocused();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect(panel.getByRole("button", { name: "Copied", exact: true })).toBeFocused();
  });

  test("several tokens can be generated, each with its own Show button", async ({ page, context, server }) => {
    const person = await server.person("Grace Hopper", "usage");
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await signIn(page, person);
    await openAccountSettings(page, person);
    const names = ["first", "second", "third"];
    const tokens: string[] = [];
    for (const name of names) tokens.push(await readToken(await generate(page, name)));
    expect(new Set(tokens).size).toBe(3);
    for (const token of tokens) expect((await server.api(token).get("/v2/session")).status).toBe(200);
    await expect(page.getByRole("button", { name: SHOW })).toHaveCount(3);
    const listed = page.getByRole("table").getByRole("rowheader");
    await expect(listed).toHaveText(["third", "second", "first"]);

    const second = page.getByRole("region", { name: "second", exact: true });
    await second.getByRole("button", { name: SHOW }).click();
    await expect(revealed(second)).toHaveValue(tokens[1]!);
    await expectAbsent(page, tokens[0]!);
    await second.getByRole("button", { name: "Copy" }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(tokens[1]);
  });

  test("leaving a page with an uncopied token asks for confirmation once", async ({ page, context, server }) => {
    const person = await server.person("Grace Hopper", "usage");
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await signIn(page, person);
    await openAccountSettings(page, person);
    const dialogs: string[] = [];
    let leave = false;
    page.on("dialog", async (dialog) => {
      dialogs.push(dialog.type());
      await (leave ? dialog.accept() : dialog.dismiss());
    });
    const panel = await generate(page, "never copied");
    await page.getByRole("link", { name: "Countersign" }).click();
    await expect.poll(() => dialogs).toEqual(["beforeunload"]);
    await expect(panel.getByRole("button", { name: SHOW })).toBeVisible();

    leave = true;
    await page.getByRole("link", { name: "Countersign" }).click();
    await expect(page.getByRole("heading", { name: "Dashboards", level: 1 })).toBeVisible();
    expect(dialogs).toEqual(["beforeunload", "beforeunload"]);

    await openAccountSettings(page, person);
    const copied = await generate(page, "copied");
    await copied.getByRole("button", { name: "Copy" }).click();
    await expect(copied.getByRole("status")).toHaveText("Copied to the clipboard");
    await page.getByRole("link", { name: "Countersign" }).click();
    await expect(page.getByRole("heading", { name: "Dashboards", level: 1 })).toBeVisible();
    expect(dialogs).toHaveLength(2);
  });

  test("signing out in another tab hides a revealed token", async ({ page, context, server, registerSecret }) => {
    const person = await server.person("Grace Hopper", "usage");
    await signIn(page, person);
    await openAccountSettings(page, person);
    const panel = await generate(page, "in this tab");
    await panel.getByRole("button", { name: SHOW }).click();
    const token = await revealed(panel).inputValue();
    registerSecret(token);
    const other = await context.newPage();
    await other.goto("/dashboards");
    await signOut(other, person);
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await expectAbsent(page, token);
  });

  test("a name that is too long is rejected at its field", async ({ page, server, expectedMessages }) => {
    expectedMessages.push(/status of 400/);
    const person = await server.person("Grace Hopper", "usage");
    await signIn(page, person);
    await openAccountSettings(page, person);
    await waitForHydration(page);
    const name = page.getByLabel("Name (optional)");
    await name.evaluate((field) => field.removeAttribute("maxlength"));
    await name.fill("x".repeat(101));
    await page.getByRole("button", { name: GENERATE }).click();
    await expect(page.getByRole("alert")).toContainText("100 characters");
    await expect(name).toHaveAttribute("aria-invalid", "true");
    await expect(name).toHaveValue("x".repeat(101));
    await expect(page.getByRole("button", { name: SHOW })).toHaveCount(0);
  });

  test("the list shows the state of each token", async ({ page, server }) => {
    const person = await server.person("Grace Hopper", "usage");
    const token = await generateTokenFor(page, person, "deploy script");
    const lasting = await server.sessionToken(person);
    expect((await server.api(token).get("/v2/session")).status).toBe(200);
    await page.reload();
    const generated = row(page, "deploy script");
    await expect(generated).toContainText("Live");
    await expect(generated).toContainText(`${token.slice(0, 8)}…${token.slice(-4)}`);
    await expect(generated).toContainText("Account Settings");
    await expect(generated).toContainText("when you sign out, or on");
    await expect(generated).toContainText("127.0.0.1");
    await expect(generated).toContainText("node");
    const sessionRow = page.getByRole("row").filter({ hasText: lasting.slice(-4) });
    await expect(sessionRow).toContainText("POST /v2/session");
    await expect(sessionRow).toContainText("Never");

    expect((await server.api(lasting).delete("/v2/session")).status).toBe(204);
    await signOut(page, person);
    await signIn(page, person);
    await openAccountSettings(page, person);
    await expect(sessionRow).toContainText("Revoked");
    await expect(generated).toContainText("Signed out");
    await expect(generated.getByRole("button", { name: "Revoke" })).toHaveCount(0);
  });
});

test.describe("without scripts", () => {
  test.skip(({ javaScriptEnabled }) => javaScriptEnabled !== false, "with scripts the token is shown in place");

  test("a token is generated, shown once, used and revoked", async ({ page, server, savePage, registerSecret }) => {
    const person = await server.person("Grace Hopper", "power");
    await signIn(page, person);
    await openAccountSettings(page, person);
    await page.getByLabel("Name (optional)").fill("deploy script");
    await page.getByRole("button", { name: GENERATE }).click();
    await expect(page.getByRole("heading", { name: "Your new token" })).toBeVisible();
    const field = page.getByLabel("User API access token");
    await expect(field).toBeHidden();
    await page.getByText(SHOW, { exact: true }).click();
    await expect(field).toBeVisible();
    const token = await field.inputValue();
    expect(token).toMatch(/^csu_[0-9A-Za-z]{36}$/);
    registerSecret(token);
    for (const [label, text] of Object.entries(snippetsOf(token, server.baseURL))) {
      await expect(page.getByLabel(label)).toHaveValue(text);
      await expect(page.getByLabel(label)).toBeVisible();
    }
    await page.getByText(SHOW, { exact: true }).click();
    await expect(page.getByLabel("curl")).toBeHidden();

    await page.reload();
    await expect(page.getByText("This token cannot be seen again")).toBeVisible();
    await expectAbsent(page, token);
    await savePage(page, "reloaded");
    expect((await server.api(token).get("/v2/session")).status).toBe(200);

    await page.getByRole("link", { name: "Back to Account Settings" }).click();
    await expectAbsent(page, token);
    await page.goBack();
    await expectAbsent(page, token);
    await page.goForward();
    await row(page, "deploy script").getByRole("button", { name: "Revoke" }).click();
    const question = page.getByRole("dialog", { name: "Revoke deploy script?" });
    await expect(question).toContainText("127.0.0.1");
    await question.getByRole("button", { name: "Revoke" }).click();
    await expect(page.getByText("The token is revoked.")).toBeVisible();
    await expect(row(page, "deploy script")).toContainText("Revoked");
    expect((await server.api(token).get("/v2/session")).status).toBe(401);

    await page.getByRole("button", { name: GENERATE }).click();
    await page.getByText(SHOW, { exact: true }).click();
    const second = await field.inputValue();
    registerSecret(second);
    expect((await server.api(second).get("/v2/session")).status).toBe(200);
    await signOut(page, person);
    expect((await server.api(second).get("/v2/session")).status).toBe(401);
  });
});

test("revoking can be cancelled", async ({ page, server }) => {
  const person = await server.person("Grace Hopper", "usage");
  const token = await server.sessionToken(person);
  await signIn(page, person);
  await openAccountSettings(page, person);
  await page.getByRole("button", { name: "Revoke" }).click();
  const question = page.getByRole("dialog");
  await expect(question).toContainText("Never");
  await question.getByRole("link", { name: "Keep it" }).click();
  await expect(question).toHaveCount(0);
  expect((await server.api(token).get("/v2/session")).status).toBe(200);
});

test("an administrator revokes a user's token; other users do not see the list", async ({ page, server, administrator, anotherBrowser }) => {
  const person = await server.person("Grace Hopper", "power");
  const token = await server.sessionToken(person);
  await signIn(page, administrator);
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("link", { name: "User tokens" }).click();
  await page.getByRole("searchbox", { name: "Search tokens" }).fill(person.email);
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByText("1 token", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Revoke", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText("The token is revoked.")).toBeVisible();
  expect((await server.api(token).get("/v2/session")).status).toBe(401);

  const gracePage = await anotherBrowser();
  await signIn(gracePage, person);
  await openProfile(gracePage, person);
  await expect(gracePage.getByRole("link", { name: "User tokens" })).toHaveCount(0);
});
