import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { eventually } from "../../../e2e/support/eventually";
import { seriousFaults } from "../../../support/axe";
import { launchBrowser } from "../../../support/browser";
import { olderCommit } from "../../support/fake-cluster";
import { poorContrast } from "../../support/poor-contrast";
import { failing, object } from "./support/objects";
import { PageServer, type StubCluster } from "./support/page-server";

const clusters: StubCluster[] = [
  { name: "dev", stage: "dev", region: "us-east-1" },
  { name: "staging", stage: "staging", region: "us-east-1" },
  { name: "prod-eu", stage: "prod", region: "eu-west-1" },
  { name: "prod-us", stage: "prod", region: "us-east-1" },
];
const components = ["bootstrap", "cert-manager", "guestbook", "orders", "search"];

describe("the page of the fleet", function () {
  let browser: Browser;
  let server: PageServer;

  before(async function () {
    browser = await launchBrowser(this);
    server = new PageServer(clusters);
    fill();
    await server.start();
  });
  after(async () => {
    await browser?.close();
    await server?.end();
  });
  beforeEach(fill);

  function fill(): void {
    for (const [name, stub] of server.stubs)
      for (const component of components) stub.set(object(component, {}, name === "dev" ? "2.0.0" : "1.0.0"));
  }

  const drifted = () =>
    object("orders", { sync: { status: "OutOfSync", revision: olderCommit }, health: { status: "Healthy" } });

  async function open(path = "", options: Parameters<Browser["newPage"]>[0] = {}): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 850 }, reducedMotion: "reduce", ...options });
    await page.goto(server.url + path);
    await page.locator("h1").waitFor();
    return page;
  }

  /** Waits until a text is in a place of the page. */
  const shows = (page: Page, place: string, wanted: string | RegExp) =>
    eventually(async () => {
      const text = await page.locator(place).first().innerText();
      const holds = typeof wanted === "string" ? text.includes(wanted) : wanted.test(text);
      return { holds, message: `${place} should show ${wanted}, shows ${text}` };
    }, 20);

  const cell = (page: Page, component: string, cluster: string) =>
    page.locator(`.grid a[aria-label*="${component} in ${cluster}:"]`);

  it("turns from in sync to out of sync and back without a reload", async () => {
    const page = await open();
    await shows(page, "h1", "All 20 Applications in sync and healthy");
    await page.evaluate("window.same = true");
    server.stub("prod-eu").set(drifted());
    await shows(page, "h1", "1 of 20 Applications not in order");
    await shows(page, ".troubles", /≠ out of sync orders in prod-eu/);
    assert.equal(await cell(page, "orders", "prod-eu").innerText(), "≠");
    server.stub("prod-eu").set(object("orders"));
    await shows(page, "h1", "All 20 Applications in sync and healthy");
    assert.equal(await page.evaluate("window.same"), true);
    await page.close();
  });

  it("says that a cluster is gone, since when and why, and that it is back", async () => {
    const page = await open();
    await server.stub("staging").stop();
    await shows(
      page,
      ".troubles",
      /not reached staging has been out of reach for \d+ s: the API server does not answer/,
    );
    await shows(page, "h1", "1 cluster not reached");
    assert.equal(await cell(page, "orders", "staging").count(), 1);
    await page.locator(".troubles a").first().click();
    await shows(page, ".notice", "staging has been out of reach for");
    await shows(page, ".list", "guestbook");
    await page.goto(`${server.url}components/orders`);
    await shows(page, ".list tr:has-text('staging')", "not reached");
    assert.equal(await page.locator(".list .badge:has-text('not reached')").count(), 1);
    await server.stub("staging").start();
    await eventually(async () => ({
      holds: (await page.locator(".notice").count()) === 0,
      message: "a notice is left",
    }));
    await page.close();
  });

  it("says of a cluster that has not answered yet that it is being connected", async () => {
    const other = new PageServer(clusters.slice(0, 2));
    other.stub("staging").frozen = true;
    other.stub("dev").set(object("orders"));
    await other.start();
    const page = await browser.newPage();
    await page.goto(other.url);
    await shows(page, "h1", /^1 cluster connecting$/);
    const row = page.locator(".grid tr", { hasText: "staging" });
    assert.match(await row.innerText(), /^staging\s*… connecting/);
    assert.match(await page.locator(".figures").innerText(), /1\s+connecting/);
    await other.stub("staging").stop();
    other.stub("staging").frozen = false;
    await other.stub("staging").start();
    await shows(page, "h1", "All 1 Application in sync and healthy");
    assert.doesNotMatch(await row.innerText(), /connecting/);
    await page.close();
    await other.end();
  });

  it("offers no verb that knows stacks alone for a cluster of a kubeconfig, and says how to log in without an address", async () => {
    const other = new PageServer([
      { name: "dev", stage: "dev", region: "us-east-1", isForeign: true, argocd: undefined },
    ]);
    other.stub("dev").set(object("orders"));
    await other.start();
    const page = await browser.newPage();
    const offered = async (path: string, url = other.url) => {
      await page.goto(url + path);
      await page.locator(".commands").waitFor();
      return (await page.locator(".commands code").allInnerTexts()).map((line) => line.split(" ", 2).join(" "));
    };
    for (const path of ["", "clusters/dev", "clusters/dev/orders"]) {
      const lines = await offered(path);
      assert.ok(!lines.includes("onebranch status") && !lines.includes("onebranch drift"), lines.join("\n"));
    }
    assert.ok((await offered("", server.url)).includes("onebranch status"));
    for (const path of ["clusters/dev", "clusters/dev/orders"])
      assert.ok((await offered(path, server.url)).includes("onebranch drift"), path);
    await page.goto(`${other.url}clusters/dev`);
    await shows(page, "section:has(#argocd)", /^Argo CD\s+log in\s+user admin, password: see the Secret$/);
    await page.close();
    await other.end();
  });

  it("says that onebranch ui is gone", async () => {
    const other = await new PageServer([{ name: "dev", stage: "dev", region: "us-east-1" }]).start();
    const page = await browser.newPage();
    await page.goto(other.url);
    await shows(page, ".server", "live");
    await other.end();
    await shows(page, ".server", "onebranch ui has not answered for");
    await page.close();
  });

  it("shows why an Application fails: the reason, the resource and the last sync", async () => {
    server.stub("dev").set(failing("search", "Back-off pulling image search:2"));
    const page = await open();
    await shows(
      page,
      ".troubles",
      "✕ failed search in dev: Deployment search is Degraded: Back-off pulling image search:2",
    );
    await cell(page, "search", "dev").click();
    await shows(page, "h1", "search in dev");
    await shows(page, "section:has(#why)", "Deployment search is Degraded: Back-off pulling image search:2");
    await shows(page, "section:has(#resources) tbody tr", /^Deployment\s+search\s+search\s+✕ failed/);
    await shows(page, "section:has(#sync)", /result\s+Succeeded/);
    await shows(page, "section:has(#history)", /2\.0\.0|1\.0\.0/);
    const failed = object("search", {
      conditions: [{ type: "SyncError", message: "the webhook said no", lastTransitionTime: "2026-11-30T11:00:00Z" }],
    });
    server.stub("dev").set(failed);
    await shows(page, "section:has(#conditions)", "the webhook said no");
    await page.close();
  });

  it("keeps the view and its settings over a reload, and goes back and forth", async () => {
    server.stub("prod-us").set(drifted());
    const page = await open();
    await page.getByLabel("only trouble").check();
    await page.getByRole("combobox", { name: "Group by", exact: true }).selectOption("region");
    await shows(page, ".filters", "1 cluster, 1 Application shown");
    await page.reload();
    await shows(page, ".filters", "1 cluster, 1 Application shown");
    assert.ok(await page.getByLabel("only trouble").isChecked());
    assert.equal(await page.locator(".group h3").innerText(), "us-east-1 1 cluster");
    await page.locator(".grid td a").click();
    await shows(page, "h1", "orders in prod-us");
    assert.equal(new URL(page.url()).pathname, `${new URL(server.url).pathname}clusters/prod-us/orders`);
    await page.reload();
    await shows(page, "h1", "orders in prod-us");
    await page.goBack();
    await shows(page, ".filters", "1 cluster, 1 Application shown");
    await page.goForward();
    await shows(page, "h1", "orders in prod-us");
    await page.close();
  });

  it("filters by words, stage and region", async () => {
    const page = await open();
    await page.getByLabel("Filter").fill("prod ORDERS");
    await shows(page, ".filters", "2 clusters, 2 Applications shown");
    await page.getByRole("combobox", { name: "Region", exact: true }).selectOption("eu-west-1");
    await shows(page, ".filters", "1 cluster, 1 Application shown");
    await page.getByLabel("Filter").fill("nothing-like-it");
    await shows(page, "section:has(#grid)", "Nothing matches.");
    await page.getByLabel("Filter").fill("2.0.0");
    await page.getByRole("combobox", { name: "Region", exact: true }).selectOption("");
    await shows(page, ".filters", "1 cluster, 5 Applications shown");
    await page.getByRole("combobox", { name: "Show", exact: true }).selectOption("version");
    assert.equal(await cell(page, "orders", "dev").innerText(), "2.0.0");
    await page.close();
  });

  it("puts trouble first, and the same trouble of many clusters into one entry", async () => {
    for (const name of ["prod-us", "prod-eu", "staging"]) server.stub(name).set(drifted());
    server.stub("prod-us").set(failing("search", "no image"));
    const page = await open();
    await shows(page, ".troubles li:nth-child(2)", "orders in prod-us, staging, prod-eu");
    await shows(page, ".troubles li:nth-child(1)", "search in prod-us");
    assert.deepEqual(await page.locator(".group:last-of-type .grid tbody th").allInnerTexts(), ["prod-us", "prod-eu"]);
    const first = await page.locator(".grid").first().locator("thead th").allInnerTexts();
    assert.deepEqual(first.slice(0, 2), ["search", "orders"]);
    await page.close();
  });

  it("shows a component along the stages, and follows it", async () => {
    const page = await open();
    await page.locator(".grid thead").first().getByText("orders").click();
    await shows(page, "h1", "orders");
    await shows(page, ".stages", /^dev 2\.0\.0\s+staging 1\.0\.0\s+prod 1\.0\.0$/);
    server.stub("prod-eu").set(object("orders", {}, "2.0.0"));
    await shows(page, ".stages", /prod (2\.0\.0 in 1 cluster, 1\.0\.0|1\.0\.0 in 1 cluster, 2\.0\.0) in 1 cluster/);
    await page.close();
  });

  it("tells what happened lately", async () => {
    const page = await open("recent");
    server.stub("dev").set(object("guestbook", { sync: { status: "OutOfSync" } }));
    await shows(page, "tbody tr", /dev\s+guestbook\s+≠ out of sync\s+Synced → OutOfSync/);
    await page.getByLabel("Filter").fill("prod-eu cert-manager synced");
    await shows(page, ".filters", "1 entry");
    const lines = await page.locator(".commands code").allInnerTexts();
    assert.deepEqual(lines, ["onebranch ui --export snapshot", `curl --silent ${server.url}api/recent`]);
    await page.getByLabel("Filter").fill("nothing-like-it");
    await shows(page, "main", "Nothing matches.");
    await page.close();
  });

  it("is used with the keyboard alone", async () => {
    const page = await open();
    const focused = () =>
      page.evaluate<string>("document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText");
    await page.locator(".grid").first().waitFor();
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "Skip to the view");
    await page.getByLabel("only trouble").focus();
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "dev");
    await page.keyboard.press("Tab");
    assert.match(await focused(), /^bootstrap in dev: in sync and healthy/);
    await page.keyboard.press("ArrowRight");
    assert.match(await focused(), /^cert-manager in dev/);
    assert.equal(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle"), "solid");
    // The grid is one stop: the next one is the next stage.
    await page.keyboard.press("Tab");
    assert.equal(await focused(), "staging");
    await page.keyboard.press("Shift+Tab");
    assert.match(await focused(), /^cert-manager in dev/);
    await page.keyboard.press("Enter");
    await shows(page, "h1", "cert-manager in dev");
    await page.close();
  });

  const looks = [390, 1280].flatMap((width) =>
    (["light", "dark"] as const).map((colorScheme) => ({ width, colorScheme })),
  );
  for (const { width, colorScheme } of looks) {
    it(`fits ${width} pixels, ${colorScheme}, asks for nothing else, and has no serious fault for whoever cannot see it`, async () => {
      server.stub("prod-us").set(failing("search", "x".repeat(400)));
      server.stub("prod-eu").set(drifted());
      const page = await browser.newPage({ viewport: { width, height: 850 }, colorScheme, reducedMotion: "reduce" });
      const [said, asked]: [string[], string[]] = [[], []];
      page.on("console", (message) => said.push(message.text()));
      page.on("pageerror", (error) => said.push(error.message));
      page.on("request", (request) => asked.push(request.url()));
      for (const path of [
        "",
        "?cells=version",
        "recent",
        "components/search",
        "clusters/prod-us",
        "clusters/prod-us/search",
      ]) {
        await page.goto(server.url + path);
        await page.locator("table").first().waitFor();
        await shows(page, "main", /search/);
        assert.ok((await page.evaluate<number>("document.documentElement.scrollWidth")) <= width, path);
        assert.deepEqual(await seriousFaults(page), [], path);
        if (path === "") assert.deepEqual(await page.evaluate(poorContrast), []);
      }
      assert.deepEqual(
        asked.filter((url) => !url.startsWith(server.url) && !url.startsWith("data:")),
        [],
      );
      assert.deepEqual(said, []);
      await page.close();
    });
  }
});
