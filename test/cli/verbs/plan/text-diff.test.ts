import assert from "node:assert/strict";
import { fieldLines } from "../../../../cli/verbs/plan/text-diff";

describe("the lines of a changed field", () => {
  const lines = (from: unknown, to: unknown) =>
    fieldLines({ path: "data.text", from, to }).map(({ sign, text }) => sign + text);
  const numbered = (start: number, many: number) => Array.from({ length: many }, (_, at) => `line ${start + at}`);

  it("leave out what two texts have in common, also between changes", () => {
    assert.deepEqual(lines("a\nb\nc\nd\ne\n", "a\nB\nc\nd\nnew\ne\n"), ["-b", "+B", "+new"]);
    assert.deepEqual(lines("a\nb\nc", "a\nc"), ["-b"]);
  });

  it("are both whole values when each is one line", () => {
    assert.deepEqual(lines(3, 4), ["-3", "+4"]);
    assert.deepEqual(lines(undefined, ""), ['+""']);
  });

  it("lose the common start and end alone when texts differ in too many lines to compare", () => {
    const [old, fresh] = [numbered(0, 2000), numbered(5000, 2000)];
    const kept = ["start", ...old.slice(0, 1000), "middle", ...old.slice(1000), "end"].join("\n");
    const other = ["start", ...fresh.slice(0, 1000), "middle", ...fresh.slice(1000), "end"].join("\n");
    const shown = lines(kept, other);
    assert.equal(shown.length, 2 * 2001);
    assert.ok(shown.includes("-middle") && shown.includes("+middle") && !shown.includes("-start"));
  });

  it("are the changed block of two long texts that are otherwise alike", () => {
    const start = numbered(0, 3000);
    const shown = lines([...start, ...numbered(9000, 600)].join("\n"), [...start, ...numbered(7000, 600)].join("\n"));
    assert.equal(shown.length, 1200);
  });
});
