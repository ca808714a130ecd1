import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { eventually } from "../../../e2e/support/eventually";
import { seriousFaults } from "../../../support/axe";
import { launchBrowser } from "../../../support/browser";
import { object } from "./support/objects";
import { PageServer } from "./support/page-server";

describe("the page of a fleet with rings, a short-lived stack and actions", function () {
  let browser: Browser;
  let server: PageServer;
  const logged: string[] = [];

  before(async function () {
    browser = await launchBrowser(this);
    server = new PageServer([
      { name: "prod-b", stage: "prod", ring: "rest", region: "eu-west-1" },
      { name: "prod-a", stage: "prod", ring: "canary", region: "eu-west-1" },
      { name: "dev", stage: "dev", region: "eu-west-1" },
      {
        ...{ name: "pr-7", stage: "dev", region: "eu-west-1" },
        lifetime: { from: "dev", expires: "2026-11-30T16:00:00Z" },
      },
    ]);
    for (const [name, stub] of server.stubs) stub.set(object("orders", {}, name === "prod-b" ? "1.0.0" : "2.0.0"));
    await server.start({ log: (line) => logged.push(line) });
  });
  after(async () => {
    await browser?.close();
    await server?.end();
  });

  async function open(path: string): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 850 }, reducedMotion: "reduce" });
    await page.goto(server.url + path);
    await page.locator("h1").waitFor();
    return page;
  }

  const shows = (page: Page, place: string, wanted: RegExp) =>
    eventually(async () => {
      const text = (await page.locator(place).allInnerTexts()).join("\n");
      return { holds: wanted.test(text), message: `${place} should show ${wanted}, shows ${text}` };
    }, 30);

  it("groups by ring, in the order in which a version reaches them", async () => {
    const page = await open("?group=ring");
    await shows(page, ".group h3", /^dev 2 clusters\nprod\/canary 1 cluster\nprod\/rest 1 cluster$/);
    await page.getByLabel("Filter").fill("canary");
    await shows(page, ".filters", /1 cluster, 1 Application shown/);
    await page.close();
  });

  it("shows the versions of a component along the rings", async () => {
    const page = await open("components/orders");
    await shows(page, ".stages", /^dev 2\.0\.0\s+prod\/canary 2\.0\.0\s+prod\/rest 1\.0\.0$/);
    await page.close();
  });

  it("says when a short-lived stack ends, and whose identity it takes", async () => {
    const page = await open("clusters/pr-7");
    await shows(
      page,
      "section:has(#identity)",
      /takes the identity of dev; its time runs out in 4 h \(2026-11-30T16:00:00Z\)/,
    );
    await shows(page, ".commands", /onebranch exceptions dev[\s\S]*onebranch up pr-7 --ttl 24h/);
    await page.goto(`${server.url}clusters/pr-7/orders`);
    await shows(page, ".commands", /onebranch explain dev orders/);
    await page.close();
  });

  it("leads to the filter with a slash, and writes one in it", async () => {
    const page = await open("");
    await page.locator(".grid").first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("a/b");
    assert.equal(await page.getByLabel("Filter").inputValue(), "a/b");
    await page.close();
  });

  it("asks before it acts: whoever leaves the question changes nothing", async () => {
    const page = await open("clusters/dev/orders");
    const stub = server.stub("dev");
    await page.getByRole("button", { name: "Sync…" }).click();
    await shows(page, "dialog", /Sync orders in dev\?\s+Argo CD applies what Git has\./);
    assert.deepEqual(await seriousFaults(page), []);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Refresh…" }).click();
    await page.getByRole("button", { name: "Leave it" }).click();
    assert.deepEqual([stub.patches, logged], [[], []]);
    await page.getByRole("button", { name: "Refresh…" }).click();
    await page.keyboard.press("Enter");
    await shows(page, ".choices", /Argo CD is asked for the refresh\./);
    assert.deepEqual(logged, ["refresh of orders in dev: asked for on the page"]);
    assert.equal(stub.patches.length, 1);
    await page.close();
  });

  it("copies the command that gives a view as JSON", async () => {
    const page = await open("recent");
    await shows(page, ".commands", /this view as JSON\s+curl --silent http:\/\/127\.0\.0\.1:\d+\/[\w-]+\/api\/recent/);
    const line = await page.locator(".commands code").last().innerText();
    const answer = await fetch(line.replace("curl --silent ", ""));
    assert.ok(Array.isArray(await answer.json()));
    await page.close();
  });
});
