import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { docs } from "../support/paths";
import { performanceDocs, readResult } from "./page";
import { helmSeconds, line, median } from "./result";
import { slope } from "./table";

describe("docs/performance.md", () => {
  it("shows the kept figures, in its tables and its plots", async () => {
    const page = readFileSync(join(docs, "performance.md"), "utf8");
    const files = await performanceDocs(page, readResult());
    assert.deepEqual([...files.keys()].sort(), [
      "performance-commands.svg",
      "performance-growth.svg",
      "performance.json",
      "performance.md",
    ]);
    for (const [name, text] of files)
      assert.equal(readFileSync(join(docs, name), "utf8"), text, `docs/${name} is stale: run \`make docs\``);
  });

  it("would be another one with other figures", async () => {
    const page = readFileSync(join(docs, "performance.md"), "utf8");
    const result = readResult();
    for (const { seconds } of result.fleet!.growth[0]!.points) seconds.fill(7.77);
    const files = await performanceDocs(page, result);
    assert.match(files.get("performance.md")!, /7\.77 s/);
    assert.match(files.get("performance-growth.svg")!, /7\.8 s with 500 clusters/);
  });

  it("says where the figures go when the page lost the place", async () => {
    await assert.rejects(performanceDocs("# Performance\n", readResult()), /has no place "<!-- figures: \w+ -->/);
  });
});

describe("figures of the bench", () => {
  it("are medians of all rounds", () => {
    assert.equal(median([9, 1, 2]), 2);
    assert.equal(median([3]), 3);
  });

  it("fit a line through the sizes, told for each 100 clusters", () => {
    const fitted = line([
      [10, 0.3],
      [100, 1.2],
      [200, 2.2],
    ]);
    assert.ok(Math.abs(fitted.start - 0.2) < 1e-9 && Math.abs(fitted.slope - 0.01) < 1e-9);
    const points = [10, 110].map((clusters) => ({
      clusters,
      applications: 1,
      changed: 1,
      seconds: [clusters / 50],
      cold: [clusters / 50],
    }));
    assert.ok(Math.abs(slope({ id: "x", what: "x", points }) - 2) < 1e-9);
  });

  it("multiply what helm took for the sample", () => {
    const helm = { version: "v3", sample: 200, seconds: [9, 10, 30], known: { applications: 1, seconds: [1] } };
    assert.equal(helmSeconds(helm, 5000), 250);
  });
});
