import assert from "node:assert/strict";
import { readYaml11 } from "../../model/yaml-1.1";

describe("readYaml11", () => {
  // What Helm's own reader makes of each as a value; the standard says otherwise of 0o17, 1:20 and dates.
  const cases: [boolean | number | undefined, string][] = [
    [true, "y Y yes Yes YES on ON"],
    [false, "n N no No off Off OFF"],
    [0, "0 -0 0_0"],
    [1, "+1 1_ 0B1 1. 0b_1"],
    [15, "017 0o17 0O17 0_17"],
    [-15, "-017"],
    [31, "0x1f 0X1F +0x1f 0x_1f"],
    [3, "0b11"],
    [-1, "-0b1 -_1"],
    [1000, "1_000 1e3 1E3"],
    [9, "09"],
    [9.5, "09.5"],
    [10.5, "1_0.5"],
    [0.5, ".5 .5_"],
    [undefined, "oN yEs true ~ null _1 1:20 0xag 0o8 0b 0b12 0x - + . ._ = << 2001-01-01 1e 1.2.3 .inf 1-0"],
  ];
  for (const [expected, sources] of cases) {
    it(`reads ${expected === undefined ? "nothing" : String(expected)} from ${sources}`, () => {
      // -0 === 0, which JSON makes of it too: that is how Helm hands values on.
      for (const source of sources.split(" "))
        assert.ok(readYaml11(source) === expected, `${source} is ${readYaml11(source)}`);
    });
  }
});
