import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { benchFleet } from "./fleet";
import type { FleetResult } from "./result";
import { commandTable, growthTable, helmTable } from "./table";
import { findHelm } from "../gitops/helm";
import { skip } from "../support/skip";

describe("the bench of fleets", function () {
  let workspace: string;
  let result: FleetResult;

  before(async () => {
    workspace = mkdtempSync(join(tmpdir(), "onebranch-bench-test-"));
    const sizes = { clusters: 10, growth: [4, 10], components: 5 };
    result = await benchFleet({ rounds: 1, workspace, progress: () => undefined, ...sizes });
  });
  after(() => rmSync(workspace, { recursive: true, force: true }));

  it("changes what it says: one cluster, the clusters of one stage, everything", () => {
    const changed = Object.fromEntries(result.commands.map((command) => [command.id, command.changed]));
    assert.deepEqual(changed, {
      nothing: 0,
      cluster: 1,
      stage: 7,
      charts: 50,
      pins: 50,
      "charts-distinct": 50,
      "pins-distinct": 50,
      check: undefined,
      explain: undefined,
    });
  });

  it("times each command once a round with an empty cache and once after it", () => {
    for (const { id, cold, warm } of result.commands) {
      assert.equal(cold.length, 1, id);
      assert.equal(warm.length, 1, id);
      assert.ok(cold[0]! > 0.05 && warm[0]! > 0.05, `${id} takes no time at all`);
    }
  });

  it("sees the memory of the renderer too", function () {
    if (process.platform !== "linux") return skip(this, "memory is read from /proc, which only Linux has");
    const [nothing, ...others] = result.commands.map(({ memory }) => memory);
    assert.ok(nothing !== undefined && nothing > 60, `Node and the renderer together are more than ${nothing} MiB`);
    assert.ok(others.every((memory) => memory !== undefined && memory > 40));
  });

  it("grows the fleet, and changes the same in each size", () => {
    const changed = result.growth.map(({ id, points }) => [id, points.map((point) => point.changed)]);
    assert.deepEqual(changed, [
      ["cluster", [1, 1]],
      ["stage", [1, 7]],
      ["charts", [20, 50]],
    ]);
  });

  it("renders the same Applications with helm, and prints how long that takes", async function () {
    if ((await findHelm()) === undefined) return skip(this, "no helm: `make toolchain` builds one");
    assert.equal(result.helm?.sample, 50);
    assert.equal(result.helm.known.applications, 7);
    assert.match(helmTable(result)!, /\| only the 7 that change, known beforehand \| \d+\.\d s \| \d+ times \|/);
  });

  it("prints a row for everything", () => {
    assert.equal(commandTable(result).split("\n").length, 2 + 9);
    assert.equal(growthTable(result).split("\n").length, 2 + 2 + 1);
  });
});
