import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { PinHistory } from "../../../../cli/verbs/ui/fleet/component";
import type { Cell } from "../../../../cli/verbs/ui/views";
import { addRingTree } from "../../../support/fixtures";
import { renewRepo, TreeRepo } from "../../support/tree-repo";

const prod = "gitops/apps/orders/stages/prod";

/** orders is in the ring canary (prod-us) with a pin of its own; prod-eu is in early, prod-us-2 in rest. */
describe("the commit that brought the pin of a cluster", () => {
  const repo = renewRepo(new TreeRepo(addRingTree));

  async function pinnedBy(
    cluster: string,
    { lenders = new Map<string, string>(), history = new PinHistory(repo.root, lenders), at = repo.head() } = {},
  ): Promise<string | undefined> {
    const place = { name: cluster, stage: "prod", region: "eu-west-1" };
    return (await history.commitOf(history.keyOf("orders", place, { revision: at } as Cell)))?.subject;
  }

  function edit(path: string, subject: string): void {
    repo.put({ [path]: `# ${subject}\n${repo.read(path)}` });
    repo.commit(subject);
  }

  it("is that of the ring while the ring has a pin, and else that of the stage", async () => {
    edit(`${prod}/rings/canary/pin.yaml`, "the ring");
    edit(`${prod}/pin.yaml`, "the stage");
    assert.deepEqual(
      [await pinnedBy("prod-us"), await pinnedBy("prod-eu"), await pinnedBy("prod-us-2")],
      ["the ring", "the stage", "the stage"],
    );
  });

  it("is the removal of the ring's pin where that was the last change", async () => {
    edit(`${prod}/pin.yaml`, "the stage");
    repo.git("rm", "--quiet", `${prod}/rings/canary/pin.yaml`);
    repo.commit("back to the stage");
    assert.deepEqual([await pinnedBy("prod-us"), await pinnedBy("prod-eu")], ["back to the stage", "the stage"]);
  });

  it("is that of the cluster whose identity an ephemeral stack takes", async () => {
    edit(`${prod}/pin.yaml`, "the stage");
    repo.put({ "gitops/clusters/prod-us/pins/orders.yaml": "version: 1.0.0\n" });
    repo.commit("the cluster");
    assert.equal(await pinnedBy("pr-7", { lenders: new Map([["pr-7", "prod-us"]]) }), "the cluster");
    assert.equal(await pinnedBy("prod-eu"), "the stage");
  });

  it("is asked for again once a fetch has brought what the cluster is at", async () => {
    const other = repo.beside("other");
    repo.git("clone", "--quiet", repo.root, other);
    appendFileSync(`${other}/${prod}/pin.yaml`, "# elsewhere\n");
    const of = ["-C", other];
    repo.git(...of, "commit", "--quiet", "--all", "--message", "elsewhere");
    const at = repo.git(...of, "rev-parse", "HEAD");
    const history = new PinHistory(repo.root, new Map());
    assert.equal(await pinnedBy("prod-eu", { history, at }), undefined);
    repo.git("fetch", "--quiet", other, "main");
    assert.equal(await pinnedBy("prod-eu", { history, at }), "elsewhere");
  });

  describe("of a large fleet", () => {
    const asked: string[] = [];
    let [running, most] = [0, 0];
    const history = new PinHistory(repo.root, new Map(), async (_, [verb = ""]) => {
      asked.push(verb);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return Buffer.from("");
    });
    const keyAt = (revision: string) => {
      const place = { name: "dev", stage: "dev", region: "eu-west-1" };
      return history.keyOf("orders", place, { revision } as Cell);
    };
    const commits = (number: number) => Array.from({ length: number }, (_, i) => i.toString(16).padStart(40, "0"));

    it("is asked for a few at a time, and once, with one question where there are no rings", async () => {
      const key = keyAt("");
      const all = commits(100).map((revision) => ({ ...key, revision }));
      for (let i = 0; i < 2; i++) await Promise.all(all.map((one) => history.commitOf(one)));
      assert.equal(most, 4);
      assert.deepEqual(asked, Array(100).fill("log"));
    });

    it("is forgotten, the oldest first, before there are too many", async () => {
      const key = keyAt("");
      const all = commits(20_001).map((revision) => ({ ...key, revision }));
      await Promise.all(all.map((one) => history.commitOf(one)));
      asked.length = 0;
      await history.commitOf(all.at(-1)!);
      assert.deepEqual(asked, []);
      await history.commitOf(all[0]!);
      assert.deepEqual(asked, ["log"]);
    });
  });
});
