import assert from "node:assert/strict";
import type { Call } from "../support/fake-aws/ledger";
import { made } from "../support/fake-aws/types";
import { EksLab, everyKind, type EksStack, type Run } from "./support/eks-stack";

/** More runs than there are things that fail. */
const most = 2 * made.length;

describe("a cluster on AWS of which every kind of thing fails", () => {
  let lab: EksLab;
  let stack: EksStack;

  before(async function () {
    lab = await EksLab.open(this);
    stack = await lab.stack("staging", everyKind);
  });
  after(() => lab?.close());

  /**
   * Lets the first call for each kind fail with nothing done, and the second one with its work done; repeats the command until it
   * succeeds.
   */
  async function untilDone(op: Call["op"], command: () => Promise<Run>): Promise<void> {
    lab.aws.setFaults(
      made.flatMap((type) => [{ op, type, nth: 1, how: "fail" } as const, { op, type, nth: 2, how: "half" } as const]),
    );
    let runs = 0;
    while ((await command()).errors.length > 0) assert.ok(++runs <= most, "the command does not get further");
    lab.aws.setFaults([]);
    const failures = lab.aws.files.calls().filter((call) => call.op === op && call.state === "failed");
    assert.deepEqual(failures.map(({ type }) => type).sort(), [...made, ...made].sort());
  }

  it("is finished by the same command, whether nothing was made or half of it", async () => {
    await untilDone("create", () => stack.up());
    assert.deepEqual(await stack.known(), lab.things());
    const { errors, changes } = await stack.up();
    assert.deepEqual([errors, Object.keys(changes)], [[], ["same"]]);
  });

  it("is deleted by the same command, whether nothing was deleted or AWS did not say so", async () => {
    await untilDone("delete", () => stack.destroy());
    assert.deepEqual(lab.aws.files.things(), []);
    assert.deepEqual(lab.aws.files.careless(), []);
  });
});
