import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { request, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import type {
  ApplicationView,
  ClusterView,
  ComponentView,
  FleetView,
  RecentView,
  Refusal,
} from "../../../../cli/verbs/ui/views";
import { eventually } from "../../../e2e/support/eventually";
import { commit, olderCommit } from "../../support/fake-cluster";
import { failing, object } from "./support/objects";
import { PageServer, token } from "./support/page-server";

interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  text: string;
}

describe("the server of the page", () => {
  let page: PageServer;
  let port: number;
  before(async () => {
    page = await new PageServer([
      { name: "prod", stage: "prod", region: "eu-west-1" },
      { name: "dev", stage: "dev", region: "us-east-1" },
    ]).start();
    port = Number(new URL(page.url).port);
    page.stub("dev").set(object("guestbook"));
    page.stub("dev").set(failing("orders", "no such image"));
    Object.assign(page.stub("dev").identity, { name: "dev", capabilities: "base,dns" });
    await settled((fleet) => fleet.clusters[0]!.applications.length === 2);
  });
  after(() => page.end());

  /** Sends a request as it is written: fetch would mend the path and the headers. */
  function ask(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const all = { host: `127.0.0.1:${port}`, ...headers };
      const sent = request({ host: "127.0.0.1", port, path, headers: all, method }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () => resolve({ status: response.statusCode!, headers: response.headers, text }));
      });
      sent.on("error", reject);
      sent.end();
    });
  }

  function settled(test: (fleet: FleetView) => boolean): Promise<void> {
    return eventually(
      async () => {
        const fleet = await page.view<FleetView>("/fleet");
        return { holds: test(fleet), message: `the fleet is ${JSON.stringify(fleet)}` };
      },
      10,
      10,
    );
  }

  const own = `/${token}`;

  it("listens on this machine only", () => assert.equal(new URL(page.url).hostname, "127.0.0.1"));

  describe("refuses", () => {
    const refused = async (status: number, why: RegExp, ...[path, headers, method]: Parameters<typeof ask>) => {
      const answer = await ask(path, headers, method);
      assert.equal(answer.status, status, answer.text);
      if (method !== "HEAD") assert.match((JSON.parse(answer.text) as Refusal).error, why);
      assert.ok(!answer.text.includes("guestbook"));
    };

    for (const path of ["/", "/api/fleet", "/assets/page.js", "/favicon.ico", `/${token}x/api/fleet`, "/x/api/fleet"])
      it(`${path}: a token that is missing or another`, () => refused(403, /token/, path));
    for (const host of ["evil.example", "evil.example:PORT", "127.0.0.1", "127.0.0.1:1", "[::1]:PORT"])
      it(`the host ${host}, which is not its own`, () =>
        refused(403, /address/, `${own}/api/fleet`, { host: host.replace("PORT", String(port)) }));
    for (const origin of ["https://evil.example", "null", "http://127.0.0.1:1"])
      it(`the origin ${origin}`, () => refused(403, /another site/, `${own}/api/fleet`, { origin }));
    for (const site of ["cross-site", "same-site"])
      it(`a request that the browser calls ${site}`, () =>
        refused(403, /another site/, `${own}/`, { "sec-fetch-site": site, "sec-fetch-mode": "navigate" }));
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
      it(method, () => refused(405, /changes nothing/, `${own}/api/fleet`, {}, method));
    for (const path of [
      "/../../etc/passwd",
      "/assets/../../../../etc/passwd",
      "/assets/%2e%2e/%2e%2e/etc/passwd",
      "/assets/..%2f..%2fpackage.json",
      "//evil.example/",
      "/assets//page.js",
      "/assets/page.js%00",
      "/clusters/dev%2f..%2fprod",
      "/clusters/dev\\..",
      "/api/clusters/dev/applications/..",
      "/api/clusters/dev/applications/%2e%2e%2fsecrets",
      "/api/clusters/__proto__",
      "/api/clusters/DEV",
    ])
      it(`the path ${path}`, () => refused(404, /no such page/, `${own}${path}`));

    it("a path that names the address of another server", () =>
      refused(403, /token/, `http://evil.example${own}/api/fleet`));

    it("a request without a Host", async () => {
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect(port, "127.0.0.1", () => socket.end(`GET ${own}/api/fleet HTTP/1.0\r\n\r\n`));
        let text = "";
        socket.on("data", (chunk) => (text += String(chunk)));
        socket.on("end", () => resolve(text));
        socket.on("error", reject);
      });
      assert.match(answer, /^HTTP\/1\.1 (400|403) /);
    });
  });

  for (const [path, status, why] of [
    [`${own}/nothing`, 404, "there is no such page"],
    ["/api/fleet", 403, "the token is missing or is not this one; open the address that `onebranch ui` printed"],
  ] as const)
    it(`answers a person who opens ${path === "/api/fleet" ? path : "/nothing"} with a page`, async () => {
      const answer = await ask(path, { accept: "text/html,application/xhtml+xml" });
      assert.equal(answer.status, status);
      assert.match(String(answer.headers["content-type"]), /^text\/html/);
      assert.ok(answer.text.includes(`<p>${why}</p>`), answer.text);
    });

  for (const path of ["/", "/api/fleet", "/assets/page.js", "/nothing"])
    it(`lets no other site show or read ${path}, and keeps it nowhere`, async () => {
      const { headers } = await ask(`${own}${path}`);
      assert.match(
        String(headers["content-security-policy"]),
        /^default-src 'none'; script-src 'self'; style-src 'self'/,
      );
      assert.match(String(headers["content-security-policy"]), /frame-ancestors 'none'$/);
      assert.equal(headers["cross-origin-resource-policy"], "same-origin");
      assert.equal(headers["referrer-policy"], "no-referrer");
      assert.equal(headers["cache-control"], "no-store");
      assert.equal(headers["access-control-allow-origin"], undefined);
    });

  it("answers the page itself, by its number and by its name", async () => {
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
      const { status } = await ask(`${own}/api/fleet`, {
        host,
        origin: `http://${host}`,
        "sec-fetch-site": "same-origin",
      });
      assert.equal(status, 200);
    }
  });

  it("gives the page for the address of every view", async () => {
    for (const path of [
      "/",
      "/recent",
      "/clusters/dev",
      "/clusters/dev/orders",
      "/components/orders",
      "/?only=trouble",
    ]) {
      const { status, text } = await ask(`${own}${path}`);
      assert.equal(status, 200);
      assert.match(text, new RegExp(`<script src="/${token}/assets/page.js">`));
    }
    assert.equal((await ask(`${own}/nothing`)).status, 404);
  });

  it("gives the fleet, in the order of the stages", async () => {
    const { stages, clusters } = await page.view<FleetView>("/fleet");
    assert.deepEqual(stages, ["dev", "staging", "prod"]);
    assert.deepEqual(
      clusters.map(({ name, stage, region, link }) => [name, stage, region, link.state]),
      [
        ["dev", "dev", "us-east-1", "live"],
        ["prod", "prod", "eu-west-1", "live"],
      ],
    );
    const [guestbook, orders] = clusters[0]!.applications;
    assert.deepEqual(guestbook, {
      ...{ name: "guestbook", component: "guestbook", state: "good", sync: "Synced", health: "Healthy" },
      ...{ version: "1.0.0", revision: commit, phase: "Succeeded", message: "", since: "2026-11-30T10:00:00Z" },
    });
    assert.deepEqual(
      [orders!.state, orders!.health, orders!.message],
      ["failed", "Degraded", "Deployment orders is Degraded: no such image"],
    );
  });

  it("gives an Application as its own status tells it, its worst resource first", async () => {
    const found = await page.view<ApplicationView>("/clusters/dev/applications/orders");
    assert.deepEqual(
      found.resources.map(({ kind, name, state, message, result }) => [kind, name, state, message, result]),
      [
        ["Deployment", "orders", "failed", "no such image", "Synced: orders configured"],
        ["ConfigMap", "settings", "good", "", ""],
      ],
    );
    assert.deepEqual(found.lastSync, {
      ...{ phase: "Succeeded", message: "successfully synced (all tasks run)", by: "Argo CD", revision: commit },
      ...{ startedAt: "2026-11-30T09:59:58Z", finishedAt: "2026-11-30T10:00:00Z" },
    });
    assert.deepEqual(found.history, [
      { at: "2026-11-30T10:00:00Z", revision: commit, version: "1.0.0", by: "Argo CD" },
    ]);
    assert.deepEqual(found.images, ["registry.example.com/orders:1.0.0"]);
    assert.equal(found.commands[0]!.line, "onebranch explain dev orders");
  });

  it("gives a cluster: who it is, how to log in, and its exceptions with the days that are left", async () => {
    page.checkout.write(
      "gitops/clusters/dev/exceptions.yaml",
      [
        "- { component: orders, keys: [a, b.c], owner: shop, reason: a test, ticket: T-1, expires: 2026-12-10 }",
        "- { component: guestbook, pin: canary, owner: shop, reason: first, ticket: T-2, expires: 2026-11-28 }",
      ].join("\n"),
    );
    const found = await page.view<ClusterView>("/clusters/dev");
    assert.deepEqual(found.identity, { name: "dev", capabilities: "base,dns" });
    assert.equal(found.argocd.url, "https://127.0.0.1:1");
    assert.deepEqual(
      found.exceptions.map(({ component, what, daysLeft }) => [component, what, daysLeft]),
      [
        ["guestbook", "canary", -2],
        ["orders", "a, b.c", 10],
      ],
    );
    assert.ok(found.commands.some(({ line }) => line === "onebranch status dev"));
  });

  it("gives a component along the stages, with the commit that brought its pin", async () => {
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], {
        cwd: page.checkout.root,
      })
        .toString()
        .trim();
    const pin = "gitops/apps/orders/stages/dev/pin.yaml";
    page.checkout.write(pin, "version: 1.0.0\n");
    git("init", "--quiet");
    git("add", "--all");
    git("commit", "--quiet", "--message", "Pin orders in dev");
    const pinned = git("rev-parse", "HEAD");
    git("commit", "--quiet", "--allow-empty", "--message", "Something else");
    page.stub("dev").set(object("orders", { sync: { status: "Synced", revision: git("rev-parse", "HEAD") } }));
    page.stub("prod").set(object("orders"));
    await settled(
      ({ clusters }) => clusters[1]!.applications.length === 1 && clusters[0]!.applications[1]!.state === "good",
    );
    const { places, commands, targets } = await page.view<ComponentView>("/components/orders");
    assert.deepEqual(
      places.map(({ cluster, stage, cell, commit }) => [
        cluster,
        stage,
        cell.version,
        commit?.id,
        commit?.author,
        commit?.subject,
      ]),
      [
        ["dev", "dev", "1.0.0", pinned, "Ada", "Pin orders in dev"],
        ["prod", "prod", "1.0.0", undefined, undefined, undefined],
      ],
    );
    // It is in dev and in prod; by its name it goes from dev to staging too.
    assert.deepEqual(targets, ["staging", "prod"]);
    assert.ok(commands.some(({ line }) => line === "onebranch promote orders --to prod --dry-run"));
    assert.deepEqual((await page.view<ComponentView>("/components/guestbook")).targets, ["staging"]);
    page.stub("prod").remove("orders");
    await settled(({ clusters }) => clusters[1]!.applications.length === 0);
  });

  it("says what is not there", async () => {
    const error = async (path: string) => (await page.view<Refusal>(path)).error;
    assert.equal(await error("/components/cart"), "no cluster here has the component cart");
    assert.equal(await error("/clusters/test"), "there is no cluster test here");
    assert.equal(await error("/clusters/test/applications/orders"), "there is no cluster test here");
    assert.equal(await error("/clusters/dev/applications/search"), "dev has no Application search");
  });

  it("tells what happened lately, the newest first", async () => {
    page.stub("dev").set(object("guestbook", { sync: { status: "OutOfSync", revision: olderCommit } }));
    await settled(({ clusters }) => clusters[0]!.applications[0]!.sync === "OutOfSync");
    const recent = await page.view<RecentView>("/recent");
    const { cluster, application, state, what } = recent[0]!;
    assert.deepEqual(
      [cluster, application, state, what],
      ["dev", "guestbook", "drifted", `Synced → OutOfSync, at ${olderCommit.slice(0, 7)}`],
    );
    page.stub("dev").set(object("guestbook"));
    await settled(({ clusters }) => clusters[0]!.applications[0]!.sync === "Synced");
  });

  it("shows a cluster that is gone with since when and why, keeps what it had, and notices that it is back", async () => {
    page.stub("prod").set(object("orders"));
    await settled(({ clusters }) => clusters[1]!.applications.length === 1);
    await page.stub("prod").stop();
    await settled(({ clusters }) => clusters[1]!.link.why === "the API server does not answer");
    const lost = (await page.view<FleetView>("/fleet")).clusters[1]!;
    assert.equal(lost.link.state, "unreachable");
    assert.ok(!Number.isNaN(Date.parse(lost.link.since)));
    assert.equal(lost.applications.length, 1);
    const { error } = await page.view<Refusal>("/clusters/prod/applications/orders");
    assert.equal(error, `prod has been out of reach since ${lost.link.since}: the API server does not answer`);
    await page.stub("prod").start();
    await settled(({ clusters }) => clusters[1]!.link.state === "live");
    const happened = (await page.view<RecentView>("/recent")).filter(({ application }) => application === undefined);
    assert.deepEqual(
      happened.map(({ cluster, what }) => `${cluster} ${what}`),
      ["prod answers again", "prod cannot be reached: the API server closed the connection"],
    );
  });
});
