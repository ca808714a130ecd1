import assert from "node:assert/strict";
import type { ApplicationObject } from "../../../../cli/verbs/ui/fleet/application-object";
import type { FleetView } from "../../../../cli/verbs/ui/views";
import { argoCdApi } from "../../../../model/root";
import { eventually } from "../../../e2e/support/eventually";
import type { ApiStub } from "./support/api-stub";
import { object } from "./support/objects";
import { PageServer } from "./support/page-server";

describe("an action of the page", () => {
  const logged: string[] = [];
  let page: PageServer;
  let stub: ApiStub;
  before(async () => {
    page = await new PageServer([{ name: "dev", stage: "dev", region: "us-east-1" }]).start({
      log: (line) => logged.push(line),
    });
    stub = page.stub("dev");
    await eventually(
      async () => {
        const { clusters } = await page.view<FleetView>("/fleet");
        return { holds: clusters[0]!.link.state === "live", message: "dev should be reached" };
      },
      10,
      10,
    );
  });
  beforeEach(() => {
    logged.length = 0;
    stub.patches.length = 0;
    stub.set(object("orders"));
  });
  after(() => page.end());

  const origin = () => new URL(page.url).origin;
  async function ask(action: string, headers: Record<string, string> = { origin: origin() }, url = page.url) {
    const response = await fetch(`${url}api/clusters/dev/applications/${action}`, { method: "POST", headers });
    return { status: response.status, text: await response.text() };
  }

  it("asks Argo CD to compare, and is logged", async () => {
    assert.equal((await ask("orders/refresh")).status, 200);
    assert.deepEqual(stub.patches, [
      {
        path: `${argoCdApi}/applications/orders`,
        body: { metadata: { annotations: { "argocd.argoproj.io/refresh": "normal" } } },
      },
    ]);
    assert.deepEqual(logged, ["refresh of orders in dev: asked for on the page"]);
  });

  it("asks for the sync that the Application's own policy would start, of the object that was read", async () => {
    const own = object("orders") as ApplicationObject;
    own.spec!.syncPolicy = { automated: { prune: true }, syncOptions: ["ServerSideApply=true"], retry: { limit: 5 } };
    stub.set(own);
    assert.equal((await ask("orders/sync")).status, 200);
    const { metadata, operation } = stub.patches[0]!.body as { metadata: object; operation: Record<string, unknown> };
    assert.match(JSON.stringify(metadata), /^\{"resourceVersion":"\d+"\}$/);
    const { sync, initiatedBy, retry } = operation;
    assert.deepEqual(sync, { prune: true, syncOptions: ["ServerSideApply=true"], syncStrategy: { hook: {} } });
    assert.deepEqual([initiatedBy, retry], [{ username: "onebranch ui" }, { limit: 5 }]);
    assert.deepEqual(logged, ["sync of orders in dev: asked for on the page"]);
  });

  it("starts no second sync", async () => {
    stub.set(object("orders", { operationState: { phase: "Running" } }));
    const { status, text } = await ask("orders/sync");
    assert.equal(status, 409);
    assert.match(text, /a sync of orders in dev is running already/);
    assert.deepEqual(logged, ["sync of orders in dev failed: a sync of orders in dev is running already"]);
    assert.deepEqual(stub.patches, []);
  });

  for (const [what, headers, status] of [
    ["without an Origin", {}, 403],
    ["of another site", { origin: "https://evil.example" }, 403],
    ["of a site without a name", { origin: "null" }, 403],
  ] as const)
    it(`is refused ${what}`, async () => {
      assert.equal((await ask("orders/sync", headers)).status, status);
      assert.deepEqual([stub.patches, logged], [[], []]);
    });

  it("is refused without the token", async () => {
    assert.equal((await ask("orders/sync", { origin: origin() }, `${origin()}/`)).status, 403);
    assert.deepEqual([stub.patches, logged], [[], []]);
  });

  for (const path of ["orders/delete", "orders", "orders/live", "nothing/sync", "orders/sync/x", "..%2forders/sync"])
    it(`does not exist as ${path}`, async () => {
      assert.equal((await ask(path)).status, 404);
      assert.deepEqual(stub.patches, []);
    });

  for (const method of ["PUT", "PATCH", "DELETE"])
    it(`is not a ${method}`, async () => {
      const address = `${page.url}api/clusters/dev/applications/orders/sync`;
      assert.equal((await fetch(address, { method, headers: { origin: origin() } })).status, 405);
      assert.deepEqual(stub.patches, []);
    });

  it("does not exist at all unless --actions is given", async () => {
    const other = await new PageServer([{ name: "dev", stage: "dev", region: "us-east-1" }]).start();
    try {
      const headers = { origin: new URL(other.url).origin };
      assert.equal((await ask("orders/sync", headers, other.url)).status, 405);
      assert.doesNotMatch(await (await fetch(other.url)).text(), /data-acts/);
      assert.match(await (await fetch(page.url)).text(), /data-acts/);
    } finally {
      await other.end();
    }
  });
});
