import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../support/browser";
import { seriousFaults } from "../support/axe";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import type { Command } from "./support/command";
import { eventually } from "./support/eventually";
import { processesOf } from "./support/leftovers";

const stages = ["dev", "staging", "prod"] as const;

describe("the page over three real clusters", () => {
  const checkout = new Checkout();
  let browser: Browser;
  let page: Page;
  let ui: Command;
  let url: string;

  /** Waits until a text is in a place of the page. */
  const shows = (place: string, wanted: RegExp, seconds = 90) =>
    eventually(async () => {
      const text = (await page.locator(place).allInnerTexts()).join("\n");
      return { holds: wanted.test(text), message: `${place} should show ${wanted}, shows ${text}` };
    }, seconds);
  const cellOf = (component: string, cluster: string) => `.grid a[aria-label^="${component} in ${cluster}:"]`;

  before(async function () {
    browser = await launchBrowser(this);
    for (const stage of stages) await checkout.succeed("up", stage, "--provider", "embedded", "--yes");
    ui = checkout.start("ui", "--json");
    const address = await new Promise<string>((resolve) => ui.onLine((line) => line.startsWith("{") && resolve(line)));
    ({ url } = JSON.parse(address) as { url: string });
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  });
  after(async () => {
    await browser?.close();
    ui?.signal("SIGINT");
    await ui?.result();
    for (const stage of stages) await checkout.onebranch("destroy", stage, "--yes");
    checkout.remove();
  });

  it("shows every cluster, in sync and healthy", async () => {
    await page.goto(url);
    await shows("h1", /^All \d+ Applications in sync and healthy$/);
    assert.deepEqual(await page.locator(".group h3").allInnerTexts(), [
      "dev 1 cluster",
      "staging 1 cluster",
      "prod 1 cluster",
    ]);
    for (const stage of stages) assert.equal(await page.locator(cellOf("guestbook", stage)).innerText(), "✓");
    assert.deepEqual(await seriousFaults(page), []);
  });

  it("turns from Synced to OutOfSync to Synced after a commit, without a reload", async () => {
    await page.evaluate(`
      window.seen = [];
      new MutationObserver(() => {
        const label = document.querySelector('${cellOf("guestbook", "dev")}')?.getAttribute("aria-label") ?? "";
        if (window.seen.at(-1) !== label) window.seen.push(label);
      }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    `);
    checkout.edit("gitops/apps/guestbook/stages/dev/values.yaml", "Guestbook (dev)", "Guestbook (on the page)");
    const commit = checkout.commit("greet differently in dev");
    const seen = () => page.evaluate<string[]>("window.seen");
    await eventually(async () => {
      const labels = await seen();
      const drifted = labels.findIndex((label) => label.includes("OutOfSync"));
      const synced = labels.findLastIndex(
        (label) => label.includes("(Synced, Healthy") && label.includes(commit.slice(0, 7)),
      );
      return { holds: drifted >= 0 && synced > drifted, message: `the cell said ${labels.join(" | ")}` };
    }, 90);
    await shows("section:has(#lately) tbody", /dev\s+guestbook[\s\S]*Synced → OutOfSync/);
  });

  it("shows an Application from its own status, and a cluster with its identity and the way to Argo CD", async () => {
    await page.goto(`${url}clusters/dev/guestbook`);
    await shows("section:has(#resources) tbody", /Deployment\s+guestbook\s+guestbook\s+✓ in sync and healthy/);
    await shows("section:has(#sync)", /result\s+Succeeded/);
    await page.goto(`${url}clusters/dev`);
    await shows("section:has(#identity)", /provider\s+embedded[\s\S]*capabilities\s+.*base/);
    await shows("section:has(#argocd)", /address\s+https:\/\/(localhost|127\.0\.0\.1):\d+/);
  });

  it("says why an Application fails", async () => {
    await page.goto(url);
    checkout.edit("gitops/apps/guestbook/stages/staging/values.yaml", "replicas: 2", "replicas: two");
    checkout.commit("break the guestbook of staging");
    await shows(".troubles", /failed guestbook in staging: \w+.*replicas/);
    await page.goto(`${url}clusters/staging/guestbook`);
    await shows("section:has(#why)", /replicas/);
    checkout.git("revert", "--no-edit", "HEAD");
    await eventually(async () => {
      const heading = await page.locator("h1").innerText();
      return { holds: heading.includes("in sync and healthy"), message: heading };
    }, 120);
  });

  it("says that a cluster was killed, and that it is back", async () => {
    await page.goto(url);
    await shows("h1", /^All/);
    const { folder } = await Cluster.of(checkout, "prod");
    for (const line of processesOf(folder)) process.kill(Number(line.split(" ")[0]), "SIGKILL");
    await shows(".troubles", /not reached prod cannot be reached since \d+ (s|min) ago: the API server/);
    assert.equal(await page.locator(cellOf("guestbook", "prod")).count(), 1, "what it had stays in sight");
    await checkout.succeed("up", "prod", "--provider", "embedded", "--yes");
    await shows("h1", /^All \d+ Applications in sync and healthy$/);
    await shows("section:has(#lately) tbody", /prod\s+✓ in sync and healthy\s+answers again/);
  });
});
