import assert from "node:assert/strict";
import { totalmem } from "node:os";
import { readLimits } from "../../../../cli/tree/renderer/limits";

describe("the limits of the renderer", () => {
  it("leave half of the machine's memory to others", () => {
    const { memory, renderSeconds } = readLimits({});
    assert.equal(renderSeconds, 10);
    assert.ok(memory <= 4 * 2 ** 30 && memory <= totalmem() / 2 && memory > 0, String(memory));
  });

  it("are those of the environment", () => {
    const env = { ONEBRANCH_RENDER_SECONDS: "60", ONEBRANCH_MEMORY_MIB: "8192" };
    assert.deepEqual(readLimits(env), { memory: 8192 * 2 ** 20, renderSeconds: 60 });
  });

  for (const value of ["0", "-1", "1.5", "10s", "lots", "1e3", "99999999"]) {
    it(`refuse ${value}`, () => {
      assert.throws(() => readLimits({ ONEBRANCH_RENDER_SECONDS: value }), {
        message: `ONEBRANCH_RENDER_SECONDS is "${value}"; give a whole number of seconds from 1 to 9999999, or leave it out`,
        exitCode: 2,
      });
    });
  }
});
