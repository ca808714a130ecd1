import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { Call } from "../support/fake-aws/ledger";
import { types } from "../support/fake-aws/types";
import { skip } from "../support/skip";
import { EksLab, type EksStack, type Run } from "./support/eks-stack";

const config = { eksCompute: "node-group", eksHostedZones: "Z1" };
const resources = 62;

describe("a run on AWS that is killed", () => {
  let lab: EksLab;
  let stack: EksStack;

  before(async function () {
    const opened = await EksLab.open();
    if (opened === undefined) return skip(this, "no pulumi: run `make toolchain`");
    lab = opened;
    stack = await lab.stack("staging", config);
  });
  after(() => lab?.close());

  const calls = (op: Call["op"], state: Call["state"]) =>
    lab.aws.files.calls().filter((call) => call.op === op && call.state === state);

  /**
   * Kills a run while AWS works on what it asked for last, and lets AWS finish that. Gives the types that were being worked on;
   * undefined when the run ended first.
   */
  async function kill(
    op: "create" | "delete",
    run: (kill: AbortSignal) => Promise<Run>,
  ): Promise<string[] | undefined> {
    const before = calls(op, "begun").length;
    const killer = new AbortController();
    let ended: Run | undefined;
    const going = run(killer.signal).then((result) => (ended = result));
    while (calls(op, "begun").length === before && ended === undefined) await pause(20);
    await pause(200);
    const begun = calls(op, "begun");
    killer.abort();
    await going;
    while (calls(op, "begun").length > calls(op, "done").length + calls(op, "failed").length) await pause(20);
    await stack.opened.cancel();
    return begun.length === before ? undefined : begun.slice(before).map(({ type }) => type);
  }

  it("while it makes each kind of thing, is finished by the same command, and nothing is there twice or forgotten", async () => {
    const slow = Object.values(types).map((type) => ({ op: "create", type, how: "slow", milliseconds: 700 }) as const);
    lab.aws.setFaults(slow);
    const cut = new Set<string>();
    for (let wave = 1; ; wave++) {
      assert.ok(wave < 30, "the runs come to no end");
      const types = await kill("create", (signal) => stack.up(signal));
      if (types === undefined) break;
      types.forEach((type) => cut.add(type));
      await lab.withCommand(() => stack.recover(false));
    }
    lab.aws.setFaults([]);
    const made = Object.values(types).filter((type) => type.startsWith("aws:"));
    assert.deepEqual([...cut].sort(), made.sort());
    const { errors, changes } = await stack.up();
    assert.deepEqual([errors, changes], [[], { same: resources }]);
    await stack.refresh();
    assert.deepEqual(calls("create", "failed"), []);
  });

  it("while it deletes, is finished by the same command, and nothing is left", async () => {
    lab.aws.setFaults([{ op: "delete", type: types.cluster, how: "slow", milliseconds: 1000 }]);
    const cut = await kill("delete", (signal) => stack.destroy(signal));
    assert.ok(cut !== undefined);
    await lab.withCommand(() => stack.recover(true));
    lab.aws.setFaults([]);
    assert.deepEqual((await stack.destroy()).errors, []);
    assert.deepEqual(lab.aws.files.things(), []);
    assert.deepEqual(lab.aws.files.careless(), []);
  });
});
