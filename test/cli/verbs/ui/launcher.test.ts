import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { typedName } from "../../../../cli/verbs/ui/launcher";
import { sourceRoot } from "../../../../model/source-root";

describe("what a user types for the tool", () => {
  const directory = mkdtempSync(join(tmpdir(), "onebranch-launcher-"));
  after(() => rmSync(directory, { recursive: true, force: true }));
  const [installed, checkout, tree] = ["bin", "checkout", "tree"].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [installed, checkout, tree]) mkdirSync(folder);
  for (const folder of [installed, checkout]) writeFileSync(join(folder, "onebranch"), "");

  it("is its name where PATH has it", () =>
    assert.equal(typedName({ env: { PATH: `${tree}:${installed}` } }, checkout), "onebranch"));
  it("is the launcher of the checkout where PATH lacks it", () =>
    assert.equal(typedName({ env: { PATH: tree } }, checkout), "./onebranch"));
  it("is the launcher where it is, for a tree without one", () =>
    assert.equal(typedName({ env: {} }, tree), `'${join(sourceRoot, "onebranch")}'`));
});
