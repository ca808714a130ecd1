import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { Call } from "../support/fake-aws/ledger";
import { made } from "../support/fake-aws/types";
import { EksLab, everyKind, type EksStack, type Run } from "./support/eks-stack";

/** How long AWS works on a thing of a kind that no run was killed at yet: longer than a kill takes. */
const milliseconds = 2000;

describe("a run on AWS that is killed at things of every kind", () => {
  let lab: EksLab;
  let stack: EksStack;

  before(async function () {
    lab = await EksLab.open(this);
    stack = await lab.stack("staging", everyKind);
  });
  after(() => lab?.close());

  const calls = (op: Call["op"]) => lab.aws.files.calls().filter((call) => call.op === op);

  /** Waits until AWS has done all that it was asked for. Requests that the killed run had sent may still be on their way to it. */
  async function atRest(op: Call["op"]): Promise<void> {
    for (let before = -1; ; await pause(300)) {
      const all = calls(op);
      const open = all.filter(({ state }) => state === "begun").length * 2 - all.length;
      if (open === 0 && all.length === before) return;
      before = all.length;
    }
  }

  /**
   * Runs the same command again and again. Each run is killed when AWS begins to work on a thing of a kind that no run was killed
   * at yet, so that the test finds the kinds itself. AWS finishes what it was asked for. Returns the kinds, and the run that was
   * not killed.
   */
  async function killAtEachKind(op: "create" | "delete", verb: "up" | "destroy") {
    const killedAt = new Set<string>();
    for (;;) {
      const next = made.filter((type) => !killedAt.has(type));
      lab.aws.setFaults(next.map((type) => ({ op, type, how: "slow", milliseconds })));
      const before = calls(op).length;
      const begun = () =>
        calls(op)
          .slice(before)
          .filter(({ state, type }) => state === "begun" && next.includes(type));
      const killer = new AbortController();
      let ended: Run | undefined;
      const going = stack.killable(verb, killer.signal).then((run) => (ended = run));
      while (ended === undefined && begun().length === 0) await pause(20);
      if (ended !== undefined) return { killedAt: [...killedAt].sort(), run: ended };
      killer.abort();
      await going;
      await atRest(op);
      for (const { type } of begun()) killedAt.add(type);
      lab.aws.setFaults([]);
      await lab.withCommand(() => stack.recover(op === "delete"));
    }
  }

  it("is finished by the same command, and nothing is there twice or forgotten", async () => {
    const { killedAt, run } = await killAtEachKind("create", "up");
    assert.deepEqual(run.errors, []);
    assert.deepEqual(killedAt, [...made].sort());
    assert.deepEqual(await stack.known(), lab.things());
    const { errors, changes } = await stack.up();
    assert.deepEqual([errors, Object.keys(changes)], [[], ["same"]]);
    await stack.refresh();
    assert.deepEqual(
      calls("create").filter(({ state }) => state === "failed"),
      [],
    );
  });

  it("is finished by the same command while it deletes, and nothing is left", async () => {
    const { killedAt, run } = await killAtEachKind("delete", "destroy");
    assert.deepEqual(run.errors, []);
    assert.deepEqual(killedAt, [...made].sort());
    assert.deepEqual(lab.aws.files.things(), []);
    assert.deepEqual(lab.aws.files.careless(), []);
  });
});
