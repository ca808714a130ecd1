import assert from "node:assert/strict";
import { PinHistory } from "../../../../cli/verbs/ui/fleet/component";
import type { Cell } from "../../../../cli/verbs/ui/views";
import { addRingTree } from "../../../support/fixtures";
import { renewRepo, TreeRepo } from "../../support/tree-repo";

const prod = "gitops/apps/orders/stages/prod";

/** orders is in the ring canary (prod-us) with a pin of its own; prod-eu is in early, prod-us-2 in rest. */
describe("the commit that brought the pin of a cluster", () => {
  const repo = renewRepo(new TreeRepo(addRingTree));

  async function pinnedBy(cluster: string, lenders = new Map<string, string>()): Promise<string | undefined> {
    const history = new PinHistory(repo.root, lenders);
    const place = { name: cluster, stage: "prod", region: "eu-west-1" };
    return (await history.commitOf(history.keyOf("orders", place, { revision: repo.head() } as Cell)))?.subject;
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
    assert.equal(await pinnedBy("pr-7", new Map([["pr-7", "prod-us"]])), "the cluster");
    assert.equal(await pinnedBy("prod-eu"), "the stage");
  });
});
