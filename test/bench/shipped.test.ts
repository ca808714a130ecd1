import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addTeamTree, hasTenantChart } from "../support/fixtures";
import { skip } from "../support/skip";
import type { ShippedResult } from "./result";
import { benchShipped } from "./shipped";
import { shippedLine } from "./table";

describe("the bench of the shipped tree", function () {
  let workspace: string;
  let result: ShippedResult;

  before(async function () {
    if (!hasTenantChart) skip(this, "the chart tenant of this test is not in gitops/charts");
    workspace = mkdtempSync(join(tmpdir(), "onebranch-bench-test-"));
    // gitops/ belongs to its user, who may have removed what the bench takes as a model.
    const from = join(workspace, "checkout");
    addTeamTree(from);
    const sizes = { clusters: 20, components: 30, from };
    result = await benchShipped({ rounds: 1, workspace, progress: () => undefined, ...sizes });
  });
  after(() => workspace && rmSync(workspace, { recursive: true, force: true }));

  it("times check and a plan, on a tree in which check finds no error", () => {
    assert.deepEqual([result.clusters, result.addons + result.apps, result.absent], [20, 30, 2]);
    const [check, value] = result.commands;
    assert.deepEqual([check!.id, value!.id, value!.changed], ["check", "value", 20]);
    for (const { what, cold, warm } of result.commands)
      for (const [seconds, ...more] of [cold, warm]) {
        assert.equal(more.length, 0, what);
        assert.ok(seconds! > 0.05, `${what} takes no time at all`);
      }
  });

  it("says of how many add-ons the chart was not at hand", () => {
    const line = (absent: number) => shippedLine({ ...result, clusters: 120, addons: 24, apps: 26, absent });
    assert.equal(
      line(3),
      "120 clusters, half of them production, in five regions; 24 add-ons and 26 apps. The charts of 3 of the add-ons were not at hand.",
    );
    assert.match(line(0), /All charts were at hand\.$/);
  });
});
