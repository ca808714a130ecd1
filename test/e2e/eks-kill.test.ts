import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { Call } from "../support/fake-aws/ledger";
import { types } from "../support/fake-aws/types";
import { skip } from "../support/skip";
import { EksLab, type EksStack, type Run } from "./support/eks-stack";

/** With one NAT gateway; Pulumi's stack and provider are among them. */
const resources = 45;

/** One for each way in which a thing is found again, in the order in which they are made: tags, subnet, name, tags with another id. */
const killedAt = [types.vpc, types.association, types.cluster, types.podIdentity];

describe("a run on AWS that is killed", () => {
  let lab: EksLab;
  let stack: EksStack;

  before(async function () {
    const opened = await EksLab.open();
    if (opened === undefined) return skip(this, "no pulumi: run `make toolchain`");
    lab = opened;
    stack = await lab.stack("staging", { eksNat: "single" });
  });
  after(() => lab?.close());

  const calls = (op: Call["op"], state: Call["state"]) =>
    lab.aws.files.calls().filter((call) => call.op === op && call.state === state);

  /** Kills a run while AWS works on a thing of a type, lets AWS finish what it was asked for, and does what `onebranch` does then. */
  async function kill(op: Call["op"], type: string, run: (kill: AbortSignal) => Promise<Run>): Promise<void> {
    lab.aws.setFaults([{ op, type, nth: 1, how: "slow", milliseconds: 3000 }]);
    const begun = () => calls(op, "begun").filter((call) => call.type === type).length;
    const before = begun();
    const killer = new AbortController();
    let ended: Run | undefined;
    const going = run(killer.signal).then((result) => (ended = result));
    while (begun() === before && ended === undefined) await pause(20);
    assert.equal(ended, undefined, `the run ended before it came to ${type}`);
    killer.abort();
    await going;
    while (calls(op, "begun").length > calls(op, "done").length + calls(op, "failed").length) await pause(20);
    lab.aws.setFaults([]);
    await lab.withCommand(() => stack.recover(op === "delete"));
  }

  it("is finished by the same command, and nothing is there twice or forgotten", async () => {
    for (const type of killedAt) await kill("create", type, (signal) => stack.up(signal));
    assert.deepEqual((await stack.up()).errors, []);
    const { errors, changes } = await stack.up();
    assert.deepEqual([errors, changes], [[], { same: resources }]);
    await stack.refresh();
    assert.deepEqual(calls("create", "failed"), []);
  });

  it("is finished by the same command while it deletes, and nothing is left", async () => {
    await kill("delete", types.cluster, (signal) => stack.destroy(signal));
    assert.deepEqual((await stack.destroy()).errors, []);
    assert.deepEqual(lab.aws.files.things(), []);
    assert.deepEqual(lab.aws.files.careless(), []);
  });
});
