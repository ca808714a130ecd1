import assert from "node:assert/strict";
import { UserError } from "../../model/errors";
import { compareFindings, formatFinding, type Finding } from "../../model/findings";

function finding(override: Partial<Finding>): Finding {
  return { rule: "bad-name", severity: "error", file: "a.yaml", line: 1, message: "m", fix: "f", ...override };
}

describe("findings", () => {
  it("print as one line", () => {
    assert.equal(formatFinding(finding({ line: 3, rule: "wrong-type" })), "a.yaml:3: m; f [wrong-type]");
  });

  it("sort by file, line, rule and message", () => {
    const sorted = [
      finding({}),
      finding({ message: "n" }),
      finding({ rule: "wrong-type" }),
      finding({ line: 2 }),
      finding({ line: 10 }),
      finding({ file: "b.yaml" }),
    ];
    assert.deepEqual([...sorted].reverse().sort(compareFindings), sorted);
  });
});

describe("UserError", () => {
  it("holds all findings in printing order, one per line", () => {
    const error = UserError.of([finding({ line: 2 }), finding({})]);
    assert.equal(error.message, "a.yaml:1: m; f [bad-name]\na.yaml:2: m; f [bad-name]");
    assert.equal(error.exitCode, 2);
    assert.deepEqual(
      error.findings.map(({ line }) => line),
      [1, 2],
    );
  });

  it("keeps its cause and exit code", () => {
    const cause = new Error("inner");
    const error = new UserError("outer", { cause, exitCode: 1 });
    assert.equal(error.cause, cause);
    assert.equal(error.exitCode, 1);
    assert.equal(new UserError("outer").exitCode, 2);
  });
});
