import assert from "node:assert/strict";
import { merge } from "../../model/mapping";

describe("merge", () => {
  it("replaces lists and plain values and keeps what the overlay does not name", () => {
    const under = { a: { b: 1, c: [1, 2] }, d: 1 };
    assert.deepEqual(merge(under, { a: { c: [3] }, e: { f: 1 } }), { a: { b: 1, c: [3] }, d: 1, e: { f: 1 } });
    assert.deepEqual(under, { a: { b: 1, c: [1, 2] }, d: 1 });
  });
});
