import assert from "node:assert/strict";
import { request } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
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
  let url: string;
  let end: (() => ReturnType<Command["result"]>) | undefined;

  /** Waits until a text is in a place of the page. */
  const shows = (place: string, wanted: RegExp, seconds = 90) =>
    eventually(async () => {
      const text = (await page.locator(place).allInnerTexts()).join("\n");
      return { holds: wanted.test(text), message: `${place} should show ${wanted}, shows ${text}` };
    }, seconds);
  const cellOf = (component: string, cluster: string) => `.grid a[aria-label^="${component} in ${cluster}:"]`;

  /** Starts the page; gives its address, and how to end it. */
  async function serve(...words: string[]): Promise<{ url: string; end: () => ReturnType<Command["result"]> }> {
    const command = checkout.start("ui", ...words, "--json");
    const line = await new Promise<string>((resolve, reject) => {
      command.onLine((line) => line.startsWith("{") && resolve(line));
      command.result().then(({ output }) => reject(new Error(output)), reject);
    });
    const end = () => {
      command.signal("SIGINT");
      return command.result();
    };
    return { url: (JSON.parse(line) as { url: string }).url, end };
  }

  before(async function () {
    browser = await launchBrowser(this);
    for (const stage of stages) await checkout.succeed("up", stage, "--provider", "embedded", "--yes");
    ({ url, end } = await serve());
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  });
  after(async () => {
    await browser?.close();
    await end?.();
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
    await shows("section:has(#differences)", /Nothing differs/);
    assert.doesNotMatch(await page.locator("section:has(#differences)").innerText(), /could not be asked/);
    await shows("section:has(#tree) tbody", /Deployment guestbook\s+guestbook\s+Healthy/);
    await shows("section:has(#values) tbody", /gitops\/apps\/guestbook\/stages\/dev\/values\.yaml:\d+/);
    await shows("section:has(#events) tbody", /ago\s+(Normal|Warning)\s+\w+\s+(Deployment|ReplicaSet|Pod) guestbook/);
    assert.equal(await page.getByRole("button", { name: "Sync…" }).count(), 0);
    await page.goto(`${url}clusters/dev`);
    await shows("section:has(#identity)", /provider\s+embedded[\s\S]*capabilities\s+.*base/);
    await shows("section:has(#argocd)", /address\s+https:\/\/(localhost|127\.0\.0\.1):\d+/);
  });

  it("answers every view as JSON too, by the same server", async () => {
    const view = async (path: string) => (await (await fetch(`${url}api/${path}`)).json()) as Record<string, unknown>;
    const one = "clusters/dev/applications/guestbook";
    for (const [path, key] of [
      ["fleet", "clusters"],
      ["recent", "length"],
      ["components/guestbook", "places"],
      ["components/guestbook/promotions/staging", "command"],
      ["clusters/dev", "identity"],
      [one, "resources"],
      [`${one}/live`, "events"],
      [`${one}/values`, "values"],
      ["plan", "plan"],
    ] as const)
      assert.ok((await view(path))[key] !== undefined, `${path} has no ${key}`);
    const { events } = await view(`${one}/live`);
    assert.ok((events as { object: string }[]).some(({ object }) => object.startsWith("ReplicaSet guestbook")));
  });

  it("shows what the working tree changes, and what it does not change any more", async () => {
    // What is committed so far is what the work starts from.
    for (const ref of ["main", "HEAD"]) checkout.git("update-ref", "--no-deref", `refs/remotes/origin/${ref}`, "HEAD");
    checkout.edit("gitops/apps/guestbook/stages/prod/values.yaml", "replicas: 3", "replicas: 4");
    await page.goto(`${url}plan`);
    await shows("h1", /^1 change in 1 of 3 clusters$/);
    await page.getByRole("link", { name: /^guestbook in prod: changed/ }).click();
    await shows("details.card[open] ins", /4/);
    checkout.git("checkout", "--quiet", "--", "gitops");
    await page.getByRole("button", { name: "Compute it again" }).click();
    await shows("h1", /^Nothing changes in 3 clusters$/);
  });

  it("syncs when it is asked to and may, after a question; without --actions the server refuses", async () => {
    const action = (address: string) =>
      fetch(`${address}api/clusters/dev/applications/guestbook/sync`, {
        method: "POST",
        headers: { origin: new URL(address).origin },
      });
    assert.equal((await action(url)).status, 405);
    const acting = await serve("dev", "--actions");
    await page.goto(`${acting.url}clusters/dev/guestbook`);
    await page.getByRole("button", { name: "Sync…" }).click();
    await shows("dialog", /Sync guestbook in dev\?/);
    await page.getByRole("button", { name: "Sync", exact: true }).click();
    await shows("section:has(#sync)", /result\s+Succeeded[\s\S]*by\s+onebranch ui/);
    const { stderr } = await acting.end();
    assert.match(stderr, /^\S+Z sync of guestbook in dev: asked for on the page$/m);
  });

  it("shows the clusters of a kubeconfig, which no stack has to know", async () => {
    const { kubeconfig } = await Cluster.of(checkout, "staging");
    const other = await serve("--kubeconfig", kubeconfig, "--contexts", "*");
    await page.goto(other.url);
    await shows(".group h3", /^staging 1 cluster$/);
    await page.goto(`${other.url}clusters/staging`);
    await shows("section:has(#identity)", /stage\s+staging[\s\S]*connection\s+live/);
    await other.end();
  });

  it("writes what it shows into a file that needs no server", async () => {
    const directory = join(checkout.tmp, "snapshot");
    await checkout.succeed("ui", "--export", directory);
    const file = pathToFileURL(join(directory, "index.html")).href;
    await page.goto(file);
    await shows("h1", /^All \d+ Applications in sync and healthy$/);
    await page.goto(`${file}#/clusters/prod/guestbook`);
    await page.reload();
    await shows("section:has(#tree) tbody", /Deployment guestbook/);
    await page.goto(`${file}#/plan`);
    await page.reload();
    await shows("h1", /^Nothing changes in 3 clusters$/);
  });

  for (const [width, colorScheme] of [390, 1280].flatMap((width) => [
    [width, "light"] as const,
    [width, "dark"] as const,
  ]))
    it(`has no serious fault for whoever cannot see it, ${width} pixels wide, ${colorScheme}`, async () => {
      const other = await browser.newPage({ viewport: { width, height: 850 }, colorScheme, reducedMotion: "reduce" });
      for (const path of ["", "plan", "recent", "components/guestbook", "clusters/dev", "clusters/dev/guestbook"]) {
        await other.goto(url + path);
        await other
          .locator(path === "plan" ? ".revisions" : "table")
          .first()
          .waitFor();
        assert.deepEqual(await seriousFaults(other), [], path);
        assert.ok((await other.evaluate<number>("document.documentElement.scrollWidth")) <= width, path);
      }
      await other.close();
    });

  it("answers nobody but its own page", async () => {
    const { port, pathname, host } = new URL(url);
    const status = (path: string, headers: Record<string, string> = {}) =>
      new Promise<number>((resolve, reject) => {
        const sent = request({ host: "127.0.0.1", port, path, headers: { host, ...headers } }, (response) => {
          response.resume();
          resolve(response.statusCode!);
        });
        sent.on("error", reject);
        sent.end();
      });
    assert.equal(await status(`${pathname}api/fleet`), 200);
    for (const [path, headers, expected] of [
      ["/api/fleet", {}, 403],
      [`${pathname.slice(0, -2)}/api/fleet`, {}, 403],
      [`${pathname}api/fleet`, { host: `rebound.example:${port}` }, 403],
      [`${pathname}api/fleet`, { origin: "https://evil.example" }, 403],
      [`${pathname}api/fleet`, { "sec-fetch-site": "cross-site" }, 403],
      [`${pathname}assets/../../../../../etc/passwd`, {}, 404],
      [`${pathname}api/clusters/dev/applications/%2e%2e%2fsecrets`, {}, 404],
    ] as const)
      assert.equal(await status(path, headers), expected, `${path} ${JSON.stringify(headers)}`);
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
    await shows("h1", /^All/, 300);
    const { folder } = await Cluster.of(checkout, "prod");
    for (const line of processesOf(folder)) process.kill(Number(line.split(" ")[0]), "SIGKILL");
    await shows(".troubles", /not reached prod has been out of reach for \d+ (s|min): the API server/);
    assert.equal(await page.locator(cellOf("guestbook", "prod")).count(), 1, "what it had stays in sight");
    await checkout.succeed("up", "prod", "--provider", "embedded", "--yes");
    await shows("h1", /^All \d+ Applications in sync and healthy$/);
    await shows("section:has(#lately) tbody", /prod\s+✓ in sync and healthy\s+answers again/);
  });
});
