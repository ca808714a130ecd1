import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { differences, sameCause } from "../e2e/oracle/differences";
import { randomTree } from "./trees/tree";

describe("random trees", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "onebranch-trees-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const commitOf = (name: string, seed: number) => {
    const root = join(folder, name);
    randomTree(root, seed, "t");
    return execFileSync("git", ["-C", root, "rev-parse", "HEAD^{tree}"], { encoding: "utf8" });
  };

  it("are the same for the same seed, and others for another one", () => {
    assert.equal(commitOf("one", 7), commitOf("two", 7));
    assert.notEqual(commitOf("three", 8), commitOf("four", 9));
  });
});

describe("the comparison of the oracle", () => {
  it("names every field that differs, with both sides", () => {
    const [ours, theirs] = [
      { same: 1, list: [1, { a: "x" }], gone: null },
      { same: 1, list: [1, { a: "y" }, 2], more: true },
    ];
    assert.deepEqual(differences(ours, theirs), [
      "gone: onebranch null, Argo CD nothing",
      'list[1].a: onebranch "x", Argo CD "y"',
      "list[2]: onebranch nothing, Argo CD 2",
      "more: onebranch nothing, Argo CD true",
    ]);
    assert.deepEqual(differences(ours, structuredClone(ours)), []);
    assert.equal(differences("1", 1).length, 1);
  });

  for (const [title, ours, theirs, same] of [
    ["the last clause", "a.yaml: error calling index: index out of range: 5", "x failed: index out of range: 5", true],
    ["quotes", 'no template "web.name" here at all', 'no template \\"web.name\\" here at all', true],
    [
      "a clause before the last",
      "x/9: app path does not exist: x/9 does not exist",
      "500 x/9: app path does not exist",
      true,
    ],
    ["another cause", "values.yaml: did not find expected key", "chart requires kubeVersion: >=1.40", false],
    ["a short word alone", "fault: 5", "500 5", false],
    [
      "a known pair",
      "ConfigMap a: the annotation n is a int64, not a text: quote it",
      "annotations accessor error: contains non-string value",
      true,
    ],
  ] as const) {
    it(`${same ? "takes" : "does not take"} ${title} for the same cause`, () =>
      assert.equal(sameCause(ours, theirs), same));
  }
});
