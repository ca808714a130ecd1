import assert from "node:assert/strict";
import { toYaml, withEntry, withNumber, withValue } from "../../../cli/tree/yaml-edit";

describe("editing YAML in place", () => {
  const lists: [string, string, string][] = [
    ["a list in one line", "# why\na: [x, y] # these\nb: 1\n", "# why\na: [x, y, z] # these\nb: 1\n"],
    ["a list of lines", "a:\n    - x\n    - y # last\nb: 1\n", "a:\n    - x\n    - y # last\n    - z\nb: 1\n"],
    ["a list at the end of a file without a line end", "a:\n  - x", "a:\n  - x\n  - z"],
    ["an empty list", "a: [] # none\n", "a: [z] # none\n"],
    ["a list that has it", "a: [z]\n", "a: [z]\n"],
  ];
  for (const [what, before, after] of lists) {
    it(`adds an entry to ${what}`, () => {
      assert.equal(withEntry("f", before, ["a"], "z"), after);
    });
  }

  it("refuses a list that is not there, and a value that is", () => {
    assert.throws(() => withEntry("f.yaml", "a: 1\n", ["a"], "z"), {
      message: 'f.yaml has no list a to add "z" to; add it by hand',
    });
    assert.throws(() => withValue("f.yaml", "<<: *b\n", ["a"], 2), {
      message:
        "f.yaml is not valid YAML (Unresolved alias (the anchor must be set before the alias): b); mend it first",
    });
    assert.throws(() => withValue("f.yaml", "a: 1\n", ["a"], 2), { message: "f.yaml sets a already; change it there" });
  });

  it("adds a value below what is there, and replaces a number", () => {
    assert.equal(withValue("f", "# why\na:\n  b: 1\n", ["a", "c"], "yes"), '# why\na:\n  b: 1\n  c: "yes"\n');
    assert.equal(withNumber("order: 3 # of 3\n", "order", 4), "order: 4 # of 3\n");
  });

  it("writes texts that YAML 1.1 would read as something else in quotes", () => {
    assert.equal(
      toYaml({ a: "1.36", b: "no", c: ["x", "z"], d: { e: [] } }),
      'a: "1.36"\nb: "no"\nc: [x, z]\nd:\n  e: []\n',
    );
  });
});
