import assert from "node:assert/strict";
import { uncommittedWarning } from "../../model/uncommitted";

describe("uncommittedWarning", () => {
  it("is silent about what Argo CD does not read", () => {
    assert.equal(uncommittedWarning([]), undefined);
    assert.equal(uncommittedWarning(["README.md", "infra/gitops/x"]), undefined);
  });

  it("names the files, up to five of them", () => {
    const text = "under gitops/ not committed; Argo CD sees only commits, so commit to see an effect:\n";
    assert.equal(uncommittedWarning(["README.md", "gitops/a"]), `1 file ${text}  gitops/a`);
    const many = ["a", "b", "c", "d", "e", "f", "g"].map((name) => `gitops/${name}`);
    const [lines, rest] = [many.slice(0, 5), "  and 2 more"];
    assert.equal(uncommittedWarning(many), `7 files ${text}${lines.map((path) => `  ${path}\n`).join("")}${rest}`);
  });
});
