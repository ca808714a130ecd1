import assert from "node:assert/strict";
import { EksLab, everyKind } from "./support/eks-stack";

describe("a stack on AWS whose state is lost", () => {
  let lab: EksLab;

  before(async function () {
    lab = await EksLab.open(this);
  });
  after(() => lab?.close());

  for (const [title, settings] of [
    ["with Auto Mode", { eksNat: "single" }],
    ["with things of every kind, nodes and their add-ons among them", everyKind],
  ] as const) {
    it(`is taken over ${title}, with nothing made twice or changed, and goes without a trace`, () => lose(settings));
  }

  async function lose(settings: Readonly<Record<string, string>>): Promise<void> {
    const made = await (await lab.stack("staging", settings)).up();
    assert.deepEqual(made.errors, []);
    const ids = () =>
      lab.aws.files
        .things()
        .map(({ type, id }) => `${type} ${id}`)
        .sort();
    const before = ids();
    lab.loseState("staging");
    const stack = await lab.stack("staging", settings);
    await lab.withCommand(() => stack.adopt());
    assert.deepEqual((await stack.up()).errors, []);
    assert.deepEqual(ids(), before);
    assert.deepEqual((await stack.up()).changes, { same: made.changes.create! });
    assert.deepEqual(
      lab.aws.files.calls().filter(({ op, state }) => op === "create" && state === "failed"),
      [],
    );
    assert.deepEqual((await stack.destroy()).errors, []);
    assert.deepEqual(ids(), []);
    assert.deepEqual(lab.aws.files.careless(), []);
  }
});
