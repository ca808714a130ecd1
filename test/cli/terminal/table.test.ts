import assert from "node:assert/strict";
import { formatDuration, formatTable } from "../../../cli/terminal/table";

describe("formatTable", () => {
  it("lines up columns by their widest cell and leaves no blanks at line ends", () => {
    const rows = [
      ["guestbook", "Synced", ""],
      ["a", "OutOfSync", "why"],
    ];
    assert.equal(
      formatTable(["NAME", "SYNC", "MESSAGE"], rows),
      ["NAME       SYNC       MESSAGE", "guestbook  Synced", "a          OutOfSync  why", ""].join("\n"),
    );
  });

  it("is the head alone without rows", () => {
    assert.equal(formatTable(["NAME", "SYNC"], []), "NAME  SYNC\n");
  });
});

describe("formatDuration", () => {
  const cases: [number, string][] = [
    [0, "0.0 s"],
    [310, "0.3 s"],
    [59_900, "59.9 s"],
    [60_000, "1 min 00 s"],
    [125_400, "2 min 05 s"],
  ];
  for (const [milliseconds, text] of cases) {
    it(`${milliseconds} ms is ${text}`, () => assert.equal(formatDuration(milliseconds), text));
  }
});
