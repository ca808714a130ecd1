import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RingsResult } from "./result";
import { benchRings } from "./rings";
import { ringsTable } from "./table";

describe("the bench of rings", function () {
  let workspace: string;
  let result: RingsResult;

  before(async () => {
    workspace = mkdtempSync(join(tmpdir(), "onebranch-bench-test-"));
    result = await benchRings({ rounds: 1, workspace, progress: () => undefined, clusters: [10], components: 12 });
  });
  after(() => rmSync(workspace, { recursive: true, force: true }));

  it("times plan, check and promote on both fleets, once a round", () => {
    assert.deepEqual(
      result.figures.map(({ what }) => /^`(\w+)`/.exec(what)?.[1]),
      ["plan", "check", "plan", "check", "promote"],
    );
    for (const figure of result.figures)
      for (const side of ["without", "with"] as const) {
        assert.equal(figure[side].length, 1, figure.what);
        assert.ok(figure[side][0]! > 0.05, `${figure.what} takes no time at all`);
      }
  });

  it("prints how much longer it takes with rings", () => {
    const figures = [{ clusters: 10, what: "`check`", without: [2, 9, 1], with: [3, 3, 9] }];
    const table = ringsTable({ ...result, figures });
    assert.match(table, /\| 10 \| `check` \| 2\.00 s \| 3\.00 s \| \+50 % \|$/);
  });
});
