import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { Call } from "../support/fake-aws/ledger";
import { made, types } from "../support/fake-aws/types";
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

  /** Runs a command, and kills it once AWS has begun something; undefined then, and AWS has done all that it was asked for. */
  async function killOnce(
    begun: () => boolean,
    op: Call["op"],
    verb: "up" | "destroy",
    of = stack,
  ): Promise<Run | undefined> {
    const killer = new AbortController();
    let ended: Run | undefined;
    const going = of.killable(verb, killer.signal).then((run) => (ended = run));
    while (ended === undefined && !begun()) await pause(20);
    if (ended !== undefined) return ended;
    killer.abort();
    await going;
    await atRest(op);
    lab.aws.setFaults([]);
    return undefined;
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
      const run = await killOnce(() => begun().length > 0, op, verb);
      if (run !== undefined) return { killedAt: [...killedAt].sort(), run };
      for (const { type } of begun()) killedAt.add(type);
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

  const groups = () => lab.aws.files.things().filter(({ type }) => type === types.nodeGroup);
  const kinds = () => groups().map(({ inputs }) => inputs.instanceTypes);
  const of = (instance: string) => lab.stack("staging", { ...everyKind, eksNodeTypes: instance });
  const nodeCalls = (op: Call["op"]) =>
    calls(op).filter(({ type, state }) => type === types.nodeGroup && state === "begun");

  async function killAtNodes(op: "create" | "delete", changed: EksStack): Promise<void> {
    lab.aws.setFaults([{ op, type: types.nodeGroup, how: "slow", milliseconds }]);
    const before = nodeCalls(op).length;
    assert.equal(await killOnce(() => nodeCalls(op).length > before, op, "up", changed), undefined);
  }

  it("is finished by the same command while nodes take the place of others, as they are made or the old ones deleted", async () => {
    const changed = await of("m7i.xlarge");
    const first = nodeCalls("create").length;
    await killAtNodes("create", changed);
    assert.deepEqual(kinds(), [["m7i.large"], ["m7i.xlarge"]]);
    await lab.withCommand(() => changed.recover(false));
    await killAtNodes("delete", changed);
    await lab.withCommand(() => changed.recover(false));
    assert.deepEqual((await changed.up()).errors, []);
    assert.deepEqual(kinds(), [["m7i.xlarge"]]);
    assert.equal(nodeCalls("create").length, first + 1);
    assert.deepEqual(await changed.known(), lab.things());
    assert.deepEqual(Object.keys((await changed.up()).changes), ["same"]);
  });

  it("waits for new nodes that AWS is still making, and replaces those that never came up before the old ones go", async () => {
    const changed = await of("m7i.2xlarge");
    await killAtNodes("create", changed);
    const failed = groups().at(-1)!;
    const at = (status: string) =>
      lab.aws.files.byHand((things) =>
        things.map((thing) => (thing.id === failed.id ? { ...thing, outputs: { ...thing.outputs, status } } : thing)),
      );
    at("CREATING");
    await assert.rejects(
      lab.withCommand(() => changed.recover(false)),
      /still making the node group default-/,
    );
    at("CREATE_FAILED");
    await lab.withCommand(() => changed.recover(false));
    assert.deepEqual((await changed.up()).errors, []);
    assert.deepEqual(kinds(), [["m7i.2xlarge"]]);
    assert.notEqual(groups()[0]!.id, failed.id);
    assert.deepEqual(await changed.known(), lab.things());
  });

  it("is finished by the same command while it deletes, and nothing is left", async () => {
    const { killedAt, run } = await killAtEachKind("delete", "destroy");
    assert.deepEqual(run.errors, []);
    assert.deepEqual(killedAt, [...made].sort());
    assert.deepEqual(lab.aws.files.things(), []);
    assert.deepEqual(lab.aws.files.careless(), []);
  });
});
