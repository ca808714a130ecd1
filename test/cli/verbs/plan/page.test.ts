import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { planHtml } from "../../../../cli/verbs/plan/report/html";
import type { Plan, PlanChange } from "../../../../cli/verbs/plan/types";
import { poorContrast } from "../../support/poor-contrast";
import { launchBrowser } from "../../../support/browser";

/** Forty clusters in three stages, and a change of each kind. */
function fleet(): Plan {
  const clusters = Array.from({ length: 40 }, (_, index) => ({
    name: `${index < 5 ? "dev" : index < 15 ? "staging" : "prod"}-${String(index).padStart(3, "0")}`,
    stage: index < 5 ? "dev" : index < 15 ? "staging" : "prod",
    region: "eu-west-1",
  }));
  const change = (component: string, from: number, to: number, more: Partial<PlanChange>): PlanChange => ({
    component,
    change: "change",
    clusters: clusters.slice(from, to).map(({ name }) => name),
    resources: [],
    images: [],
    replicas: [],
    dangers: [],
    causes: [{ file: `gitops/apps/${component}/values.yaml`, line: 3, key: "image.tag", side: "head" }],
    application: [],
    renders: 1,
    varies: [],
    ...more,
  });
  const secret = { apiVersion: "v1", kind: "Secret", namespace: "a", name: "s", change: "change" as const };
  const service = {
    apiVersion: "v1",
    kind: "Service",
    namespace: "a",
    name: "a-service-with-a-rather-long-name-indeed",
  };
  return {
    base: "0123456789abcdef0123456789abcdef01234567",
    head: "working tree",
    clusters,
    changes: [
      change("checkout", 15, 40, {
        change: "remove",
        resources: [
          { ...service, change: "remove", manifest: { apiVersion: "v1", kind: "Service", metadata: { name: "a" } } },
        ],
        dangers: [
          { id: "application-removed", level: "high", message: "Application checkout is deleted", resources: [] },
        ],
      }),
      change("orders", 0, 40, {
        images: [
          {
            from: `registry.example.com/${"deep/".repeat(20)}orders:1`,
            to: `registry.example.com/${"deep/".repeat(20)}orders:2`,
          },
        ],
        resources: [
          { ...secret, fields: [{ path: "data.password", from: "(masked)", to: "(masked)", masked: true }] },
          {
            ...service,
            change: "change",
            fields: [
              { path: "spec.type", from: "ClusterIP", to: "NodePort" },
              { path: "x", from: "a".repeat(400), to: "b" },
            ],
          },
        ],
        dangers: [{ id: "prune", level: "medium", message: "Argo CD deletes Service a/b", resources: ["Service a/b"] }],
      }),
      change("search", 0, 5, { change: "add", resources: [{ ...service, change: "add" }] }),
    ],
    notEvaluated: [{ component: "cert-manager", clusters: ["dev-000"], reason: "the chart is not at hand" }],
    failed: [{ component: "cache", clusters: ["dev-001"], reason: "image.tag is missing", side: "head" }],
    unsteady: [],
  };
}

describe("the page of a plan", function () {
  let browser: Browser;
  const directory = mkdtempSync(join(tmpdir(), "onebranch-page-"));
  const file = join(directory, "plan.html");

  before(async function () {
    writeFileSync(file, planHtml(fleet()));
    browser = await launchBrowser(this);
  });
  after(async () => {
    await browser?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const views = [390, 1280].flatMap((width) =>
    (["light", "dark"] as const).map((colorScheme) => ({ width, colorScheme })),
  );
  for (const { width, colorScheme } of views) {
    describe(`${width} pixels wide, ${colorScheme}`, () => {
      let page: Page;
      const said: string[] = [];
      const asked: string[] = [];
      before(async () => {
        page = await browser.newPage({ viewport: { width, height: 850 }, colorScheme, reducedMotion: "reduce" });
        page.on("console", (message) => said.push(message.text()));
        page.on("pageerror", (error) => said.push(error.message));
        page.on("request", (request) => asked.push(request.url()));
        await page.goto(pathToFileURL(file).href);
      });
      after(() => page?.close());

      const shown = () =>
        page
          .locator("details.card:visible .name")
          .allInnerTexts()
          .then((names) => names.map((name) => name.split(/\s/)[0]));

      it("fits, and asks for nothing but itself", async () => {
        assert.ok((await page.evaluate<number>("document.documentElement.scrollWidth")) <= width);
        await unfold(page, true);
        assert.ok((await page.evaluate<number>("document.documentElement.scrollWidth")) <= width);
        await unfold(page, false);
        assert.deepEqual(asked, [pathToFileURL(file).href]);
      });

      const rows = ["checkout", "orders", "search", "cache", "cert-manager"];
      const heads = () => page.locator(".matrix .cluster").allTextContents();

      it("puts clusters with the same marks into one column of a large fleet's matrix", async () => {
        assert.deepEqual(await heads(), ["dev-000", "dev-001", "3 of 5", "all 10", "all 25"]);
        assert.deepEqual(await page.locator(".matrix tbody th").allInnerTexts(), rows);
        assert.deepEqual(
          await page.locator(".matrix tbody tr").evaluateAll((list) => list.map((row) => row.textContent)),
          ["checkout!", "orders~~~~~", "search+++", "cache?", "cert-manager?"],
        );
      });

      it("marks every cluster of every change in the matrix when it is asked to, and takes that back", async () => {
        const button = page.getByRole("button", { name: "Every cluster (40)" });
        await button.click();
        assert.equal(await button.getAttribute("aria-pressed"), "true");
        assert.equal(await page.locator(".matrix tbody a").count(), 25 + 40 + 5);
        assert.deepEqual(
          await heads(),
          fleet().clusters.map(({ name }) => name),
        );
        assert.deepEqual(await page.locator(".matrix tbody th").allInnerTexts(), rows);
        assert.equal(await page.getByRole("link", { name: "checkout in prod-039: removed, 1 danger" }).count(), 1);
        assert.deepEqual(
          await page
            .locator(".matrix .stage")
            .evaluateAll((list) => list.map((head) => `${head.textContent} ${head.getAttribute("colspan")}`)),
          ["dev 5", "staging 10", "prod 25"],
        );
        await page.selectOption("#stage", "prod");
        assert.equal(await page.locator(".matrix tbody td.off").count(), 15 + 5);
        assert.deepEqual(await page.locator(".matrix tbody tr:visible th").allInnerTexts(), ["checkout", "orders"]);
        await page.selectOption("#stage", "");
        await button.click();
        assert.equal((await heads()).length, 5);
        assert.equal(await page.locator(".matrix tbody td.off").count(), 0);
      });

      it("opens a change by a click on its mark", async () => {
        await page.getByRole("link", { name: "orders in dev-000: changed, 1 danger" }).click();
        const card = page.locator("details.card[open]");
        assert.equal(await card.count(), 1);
        assert.ok(await card.getByText("NodePort").isVisible());
        assert.ok(await card.getByText("a secret, changed").isVisible());
        await card.locator("summary").first().click();
        assert.equal(await page.locator("details.card[open]").count(), 0);
      });

      it("filters by words, stage and danger, and says how many are left", async () => {
        await page.fill("#text", "service SEARCH");
        assert.deepEqual(await shown(), ["search"]);
        assert.equal(await page.innerText("#shown"), "1 of 3 shown");
        await page.fill("#text", "nothing-like-it");
        assert.ok(await page.getByText("No change matches.").isVisible());
        await page.click("#clear");
        await page.selectOption("#stage", "prod");
        assert.deepEqual(await shown(), ["checkout", "orders"]);
        await page.selectOption("#stage", "");
        await page.check("#dangerous");
        assert.deepEqual(await shown(), ["checkout", "orders"]);
        await page.uncheck("#dangerous");
        assert.equal((await shown()).length, 3);
      });

      it("is used with the keyboard alone", async () => {
        const focused = () =>
          page.evaluate<string>("document.activeElement.getAttribute('aria-label') ?? document.activeElement.id");
        await page.evaluate("document.activeElement.blur()");
        await page.keyboard.press("/");
        assert.equal(await focused(), "text");
        for (const expected of [
          "stage",
          "dangerous",
          "Matrix, scrolls sideways",
          "checkout in all 25 of prod: removed, 1 danger",
        ]) {
          await page.keyboard.press("Tab");
          assert.equal(await focused(), expected);
        }
        await page.keyboard.press("ArrowDown");
        assert.equal(await focused(), "orders in all 25 of prod: changed, 1 danger");
        await page.keyboard.press("ArrowLeft");
        assert.equal(await focused(), "orders in all 10 of staging: changed, 1 danger");
        const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
        assert.equal(outline, "solid");
        await page.keyboard.press("Enter");
        assert.equal(await page.locator("details.card[open] .name").textContent(), "orders changed");
        assert.equal(await page.evaluate("document.activeElement.tagName"), "SUMMARY");
        await page.keyboard.press("Enter");
        assert.equal(await page.locator("details.card[open]").count(), 0);
        await page.focus("#every");
        await page.keyboard.press("Space");
        await page.focus(".matrix tbody a");
        await page.keyboard.press("ArrowRight");
        assert.equal(await focused(), "checkout in prod-016: removed, 1 danger");
        await page.focus("#every");
        await page.keyboard.press("Space");
      });

      it("has a contrast of at least 4.5 to 1 for every text", async () => {
        await unfold(page, true);
        assert.deepEqual(await page.evaluate(poorContrast), []);
      });

      it("lists what fails and what is not known", async () => {
        assert.ok(await page.getByText("image.tag is missing").isVisible());
        assert.ok(await page.getByText("the chart is not at hand").isVisible());
      });

      it("breaks no rule of its own policy", () => assert.deepEqual(said, []));
    });
  }

  it("can be read without its script", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${pathToFileURL(file).href}`);
    await page.locator("details.card summary").first().click();
    assert.ok(await page.getByText("Application checkout is deleted").isVisible());
    await context.close();
  });
});

/** Opens or closes everything that can be opened. */
function unfold(page: Page, open: boolean): Promise<unknown> {
  return page.evaluate(`document.querySelectorAll("details").forEach((details) => (details.open = ${open}))`);
}
