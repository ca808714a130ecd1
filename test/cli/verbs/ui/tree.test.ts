import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { gather } from "../../../../cli/verbs/ui/export/gather";
import { dataFile, pageFile, writeSnapshot } from "../../../../cli/verbs/ui/export/write";
import { bundlePage } from "../../../../cli/verbs/ui/server/assets";
import type { PlanAnswer, Refusal, Snapshot, ValuesView } from "../../../../cli/verbs/ui/views";
import { eventually } from "../../../e2e/support/eventually";
import { seriousFaults } from "../../../support/axe";
import { launchBrowser } from "../../../support/browser";
import { addApp, usePlanTree } from "../../support/plan-tree";
import { poorContrast } from "../../support/poor-contrast";
import { failing, object } from "./support/objects";
import { PageServer } from "./support/page-server";

const stages = ["dev", "staging", "prod"];

describe("the page beside a tree", function () {
  const tree = usePlanTree();
  let browser: Browser;
  let server: PageServer;

  before(async function () {
    browser = await launchBrowser(this);
  });
  after(() => browser?.close());
  beforeEach(async () => {
    server = new PageServer(
      stages.map((name) => ({ name, stage: name, region: "us-east-1" })),
      tree.root,
    );
    for (const name of stages) for (const one of ["orders", "guestbook"]) server.stub(name).set(object(one));
    server.stub("prod").set(failing("orders", "the server said password=hunter2"));
    await server.start();
    await eventually(
      async () => {
        const { clusters } = server.answers.fleet();
        return { holds: clusters.every(({ applications }) => applications.length === 2), message: "all are reached" };
      },
      20,
      20,
    );
  });
  afterEach(() => server.end());

  const shows = (page: Page, place: string, wanted: RegExp) =>
    eventually(async () => {
      const text = (await page.locator(place).allInnerTexts()).join("\n");
      return { holds: wanted.test(text), message: `${place} should show ${wanted}, shows ${text}` };
    }, 60);

  /** Changes a value of orders in staging, and takes a new version of it to staging. */
  function change(): void {
    tree.edit("apps/orders/stages/staging/values.yaml", "sandbox", "test-bank");
    tree.edit("apps/orders/stages/dev/pin.yaml", "6.9.2", "6.9.3");
  }

  it("shows what the working tree changes, as the page of a plan does", async () => {
    change();
    const page = await browser.newPage({ viewport: { width: 1280, height: 850 } });
    await page.goto(`${server.url}plan`);
    await shows(page, "h1", /^2 changes in 2 of 3 clusters$/);
    await page.getByRole("link", { name: /^orders in staging: changed/ }).click();
    await shows(page, "details.card[open] pre", /test-bank/);
    assert.match(new URL(page.url()).hash, /^#c\d$/);
    await page.reload();
    await shows(page, "details.card[open] pre", /test-bank/);
    await page.getByLabel("Filter").fill("nothing-like-it");
    await page.getByText("No change matches.").waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    // What happens in the clusters meanwhile leaves the view as the reader has it.
    server.stub("dev").set(object("guestbook", { sync: { status: "OutOfSync" } }));
    await page.waitForTimeout(500);
    assert.ok(await page.getByText("No change matches.").isVisible());
    await page.close();
  });

  it("shows what the next promotion of a component changes, and keeps that in its address", async () => {
    change();
    const page = await browser.newPage();
    await page.goto(`${server.url}components/orders`);
    await page.getByRole("button", { name: "To staging", exact: true }).click();
    await shows(page, "section:has(#promotion) details.card .name", /^orders/);
    await shows(page, "section:has(#promotion) .line", /^onebranch promote orders --to staging --dry-run/);
    await page.reload();
    await page.locator("section:has(#promotion) details.card > summary").click();
    await shows(page, "section:has(#promotion) dd", /6\.9\.2 -> 6\.9\.3/);
    await page.getByRole("button", { name: "To staging", exact: true }).click();
    await shows(page, "section:has(#promotion)", /^What the next promotion would change\s+To staging\s+To prod$/);
    assert.equal(new URL(page.url()).search, "");
    await page.close();
  });

  it("keeps the filters of a plan and of values in the address, over a reload and back and forth", async () => {
    change();
    const page = await browser.newPage();
    await page.goto(`${server.url}plan`);
    await page.getByLabel("Filter").fill("orders");
    await page.getByLabel("Stage").selectOption("staging");
    await page.getByLabel("only with dangers").check();
    await page.getByText("No change matches.").waitFor();
    assert.equal(new URL(page.url()).search, "?text=orders&stage=staging&only=dangers");
    await page.reload();
    await page.getByText("No change matches.").waitFor();
    assert.equal(await page.getByLabel("Filter").inputValue(), "orders");
    await page.getByLabel("only with dangers").uncheck();
    await shows(page, "#shown", /^1 of 2 shown$/);
    // The link to the same view has no filters, and the way back has them.
    await page.getByRole("link", { name: "Working tree", exact: true }).click();
    await shows(page, "#shown", /^$/);
    assert.equal(await page.getByLabel("Stage").inputValue(), "");
    await page.goBack();
    await shows(page, "#shown", /^1 of 2 shown$/);
    await page.getByLabel("Filter").fill("nothing-like-it");
    await page.getByRole("button", { name: "Show all" }).click();
    assert.equal(new URL(page.url()).search, "");
    // An address that names a change which its filter hides takes the filter away.
    await page.goto(`${server.url}plan?text=nothing-like-it#c0`);
    await page.locator("details.card[open]").waitFor();
    assert.match(page.url(), /plan#c0$/);
    await page.goto(`${server.url}plan?stage=nowhere`);
    await shows(page, ".plan", /changed/);
    assert.equal(await page.locator("details.card:visible").count(), 2);
    await page.goto(`${server.url}clusters/staging/orders`);
    await page.locator("section:has(#values)").getByLabel("Filter").fill("orders_payment");
    await page.reload();
    await shows(page, "section:has(#values) [role=status]", /^1 of \d+$/);
    assert.equal(new URL(page.url()).search, "?values=orders_payment");
    await page.close();
  });

  it("answers the same as JSON", async () => {
    change();
    const { plan, command } = await server.view<PlanAnswer>("/plan");
    assert.deepEqual([command, plan!.changes.length], ["onebranch plan", 2]);
    const promotion = (stage: string) => server.view<PlanAnswer>(`/components/orders/promotions/${stage}`);
    assert.equal((await promotion("staging")).plan!.changes.length, 1);
    tree.git("checkout", "--quiet", "--", ".");
    tree.reset();
    const same = await promotion("staging");
    assert.equal(same.note, "there is nothing to promote: dev and staging have the same");
    const { error } = await server.view<Refusal>("/components/orders/promotions/dev");
    assert.equal(error, "orders cannot be promoted to dev");
  });

  it("says why there is no plan", async () => {
    tree.write("apps/orders/stages/dev/pin.yaml", "component: [\n");
    const { note, plan } = await server.view<PlanAnswer>("/components/orders/promotions/staging");
    assert.equal(plan, undefined);
    assert.match(note!, /gitops\/apps\/orders\/stages\/dev\/pin\.yaml:\d+/);
  });

  it("shows why each value is what it is, with file and line, and secrets masked", async () => {
    tree.edit("apps/orders/stages/staging/values.yaml", "sandbox", "sandbox\n  DB_PASSWORD: hunter2");
    const { values, missing } = await server.view<ValuesView>("/clusters/staging/applications/orders/values");
    assert.equal(missing, undefined);
    const of = (key: string) => values.find((value) => value.key === key)!;
    const { value, file, line, layer } = of("config.ORDERS_PAYMENT");
    assert.deepEqual([value, file, layer], ["sandbox", "gitops/apps/orders/stages/staging/values.yaml", "stage"]);
    assert.equal(
      tree.read("apps/orders/stages/staging/values.yaml").split("\n")[line - 1]!.trim(),
      "ORDERS_PAYMENT: sandbox",
    );
    assert.equal(of("config.DB_PASSWORD").value, "(masked)");
    const page = await browser.newPage();
    await page.goto(`${server.url}clusters/staging/orders`);
    await page.locator("section:has(#values)").getByLabel("Filter").fill("orders_payment");
    await shows(
      page,
      "section:has(#values) tbody",
      /config\.ORDERS_PAYMENT\s+"sandbox"\s+gitops\/apps\/orders\/stages\/staging\/values\.yaml:\d+/,
    );
    await page.close();
    const elsewhere = await server.view<ValuesView>("/clusters/dev/applications/nothing/values");
    assert.match(elsewhere.missing!, /nothing/);
  });

  describe("as a snapshot", () => {
    const directory = mkdtempSync(join(tmpdir(), "onebranch-snapshot-"));
    const address = pathToFileURL(join(directory, pageFile!)).href;
    after(() => rmSync(directory, { recursive: true, force: true }));

    async function write(): Promise<Snapshot> {
      const snapshot = await gather(server.answers, () => undefined);
      writeSnapshot(directory, snapshot, bundlePage());
      return snapshot;
    }

    it("has every view that the server gives, and no secret", async () => {
      change();
      tree.edit("apps/orders/stages/staging/values.yaml", "test-bank", "test-bank\n  DB_PASSWORD: hunter2");
      const { views } = await write();
      assert.deepEqual(
        JSON.parse(readFileSync(join(directory, dataFile!), "utf8")),
        JSON.parse(JSON.stringify({ at: "2026-11-30T12:00:00.000Z", views })),
      );
      for (const path of [
        ...["/fleet", "/recent", "/plan", "/components/orders", "/components/orders/promotions/staging"],
        ...stages.flatMap((name) => [`/clusters/${name}`, `/clusters/${name}/applications/orders`]),
        ...["/clusters/dev/applications/guestbook/live", "/clusters/dev/applications/guestbook/values"],
      ])
        assert.ok(path in views && !("error" in (views[path] as object)), path);
      const { plan } = views["/components/orders/promotions/staging"] as PlanAnswer;
      assert.deepEqual(
        plan!.changes.map(({ component }) => component),
        ["orders"],
      );
      for (const file of [pageFile, dataFile]) {
        const text = readFileSync(join(directory, file!), "utf8");
        assert.ok(text.includes("(masked)"));
        assert.ok(!text.includes("hunter2"), file);
      }
      const { argocd } = views["/clusters/dev"] as { argocd: { login: string } };
      assert.equal(argocd.login, "user admin, password: see the Secret", "how to log in is not a secret");
    });

    it("has the promotion of a component to the first stage that does not have it", async () => {
      addApp(tree, "cart", "kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: cart\n");
      const image = "image: { repository: registry.example.com/cart, tag: 1.0.0 }";
      tree.edit("apps/cart/stages/dev/pin.yaml", "team:", `${image}\nteam:`);
      server.stub("dev").set(object("cart"));
      await eventually(async () => {
        const [dev] = server.answers.fleet().clusters;
        return { holds: dev!.applications.length === 3, message: "cart should be in dev" };
      });
      const { views } = await write();
      const { plan, command, note } = views["/components/cart/promotions/staging"] as PlanAnswer;
      assert.equal(command, "onebranch promote cart --to staging --dry-run");
      assert.deepEqual(
        plan?.changes.map(({ component, change, clusters }) => [component, change, clusters]),
        [["cart", "add", ["staging"]]],
        note,
      );
      assert.equal(views["/components/cart/promotions/prod"], undefined);
    });

    it("has a cluster that cannot be reached as one", async () => {
      await server.stub("dev").stop();
      await eventually(async () => {
        const [dev] = server.answers.fleet().clusters;
        return { holds: dev!.link.state === "unreachable", message: "dev should be lost" };
      });
      const { views } = await write();
      assert.match((views["/clusters/dev/applications/orders"] as Refusal).error, /^dev cannot be reached/);
      const page = await browser.newPage();
      await page.goto(address);
      await shows(page, ".troubles", /not reached dev has been out of reach for/);
      await page.close();
    });

    for (const [width, colorScheme] of [
      [390, "dark"],
      [1280, "light"],
    ] as const)
      it(`opens from a disk without a server, ${width} pixels wide: each view has an address, and nothing else is asked for`, async () => {
        change();
        await write();
        const page = await browser.newPage({ viewport: { width, height: 850 }, colorScheme, reducedMotion: "reduce" });
        const [said, asked]: [string[], string[]] = [[], []];
        page.on("console", (message) => said.push(message.text()));
        page.on("pageerror", (error) => said.push(error.message));
        page.on("request", (request) => asked.push(request.url()));
        await page.goto(address);
        await shows(page, "h1", /^1 of 6 Applications not in order$/);
        await shows(page, ".server", /^snapshot of /);
        await page.getByLabel("only trouble").check();
        assert.equal(new URL(page.url()).hash, "#/?only=trouble");
        await page.locator(".grid td a").click();
        await shows(page, "h1", /^orders in prod/);
        await shows(page, "section:has(#why)", /password=\(masked\)/);
        await page.reload();
        await shows(page, "h1", /^orders in prod/);
        await page.goBack();
        await shows(page, ".filters", /1 cluster, 1 Application shown/);
        for (const [path, wanted] of [
          ["/plan", /^2 changes in 2 of 3 clusters$/],
          ["/recent", /^What happened lately$/],
          ["/components/orders?promote=staging", /^orders$/],
          ["/clusters/staging", /^staging$/],
          ["/clusters/staging/orders", /^orders in staging/],
        ] as const) {
          await page.goto(`${address}#${path}`);
          await page.reload();
          await shows(page, "h1", wanted);
          assert.ok((await page.evaluate<number>("document.documentElement.scrollWidth")) <= width, path);
          assert.deepEqual(await seriousFaults(page), [], path);
          assert.deepEqual(await page.evaluate(poorContrast), [], path);
        }
        await page.goto(`${address}#/components/orders?promote=staging`);
        await shows(page, "section:has(#promotion) details.card .name", /^orders/);
        await page.goto(`${address}#/plan`);
        await page.getByRole("link", { name: /^orders in staging: changed/ }).click();
        await shows(page, "details.card[open] pre", /test-bank/);
        assert.equal(new URL(page.url()).hash, "#/plan");
        await page.keyboard.press("Tab");
        assert.equal(await page.locator(".choices button").count(), 0, "a snapshot acts on nothing");
        assert.deepEqual(
          asked.filter((url) => !url.startsWith(address) && !url.startsWith("data:")),
          [],
        );
        assert.deepEqual(said, []);
        await page.close();
      });
  });
});
