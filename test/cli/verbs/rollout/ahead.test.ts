import assert from "node:assert/strict";
import { renewRepo } from "../../support/tree-repo";
import { at, Fleet, type Following } from "./fleet";

const prod = "gitops/apps/orders/stages/prod";

/** orders 1.4.0 is in staging alone; prod has 1.3.0. */
describe("onebranch rollout --dry-run", function () {
  const fleet = renewRepo(new Fleet());
  let canary: Following, early: Following;
  const rollout = (...words: string[]) => fleet.run("rollout", "orders", "--to", "prod", "--offline", ...words);
  const ahead = (...words: string[]) => rollout("--dry-run", ...words);

  beforeEach(() => {
    fleet.git("rm", "--quiet", "-r", `${prod}/rings`);
    fleet.commit("at rest");
    fleet.io.today = at("06:00");
    canary = fleet.follows("prod-us", "canary");
    early = fleet.follows("prod-eu", "early");
    for (const name of ["prod-eu-2", "prod-us-2"]) fleet.follows(name, "rest");
  });

  it("prints the steps with their clusters, the commit of the next one and its plan, and writes nothing", async () => {
    const head = fleet.head();
    const { code, out, err } = await ahead();
    assert.equal(code, 0, err);
    assert.match(
      out,
      /^3 steps of orders in prod \(nothing is written\)\n {2}prod\/canary {2}prod-us\n {2}prod\/early {3}prod-eu\n {2}prod\/rest {4}prod-eu-2, prod-us-2\n\nthe commit would say:\n {2}Promote orders to prod\/canary: web 1\.1\.0, 1\.4\.0\n/,
    );
    assert.match(out, /\n {2}Rollout-Step: orders prod\/canary\n\n/);
    assert.match(out, /orders.*prod-us/);
    assert.deepEqual([fleet.head(), fleet.changes(), canary.calls], [head, [], []]);
  });

  it("plans what the step itself then changes", async () => {
    const { plan, message } = JSON.parse((await ahead("--json")).out) as {
      plan: { changes: object[] };
      message: string;
    };
    assert.equal(plan.changes.length, 1);
    let said = "";
    canary.atLook = () => (said ||= fleet.git("log", "-1", "--format=%B"));
    early.atLook = () => {
      throw new Error("the test has seen enough");
    };
    const before = fleet.head();
    await rollout();
    assert.equal(fleet.git("log", "--format=%s", `${before}..HEAD`).split("\n").length, 1);
    assert.equal(fleet.git("log", "-1", "--format=%B").trim(), message.trim());
  });

  it("says how the ring stands that has it, and what its soak waits for", async () => {
    early.atLook = () => {
      throw new Error("the API server does not answer");
    };
    assert.equal((await rollout()).code, 1);
    early.atLook = () => undefined;
    const good = await ahead();
    assert.match(
      good.out,
      /^2 steps of orders in prod \(nothing is written\)\n {2}prod\/early {2}prod-eu\n {2}prod\/rest {3}prod-eu-2, prod-us-2\nprod\/canary: prod-us has it, Synced and Healthy\n\n/,
    );
    canary.more = { healthSince: at("05:55") };
    assert.match(
      (await ahead("--soak", "10m")).out,
      /\nwhat holds it now:\n {2}prod\/canary: prod-us has it Synced and Healthy since 2026-03-04 05:55 UTC; 10m are over at 2026-03-04 06:05 UTC\n/,
    );
  });

  it("names a freeze, and a cluster that cannot be reached", async () => {
    canary.atLook = () => {
      throw new Error("the API server does not answer");
    };
    const stage = "gitops/stages/prod.yaml";
    fleet.put({
      [stage]: `${fleet.read(stage)}syncWindows:\n  - { kind: deny, schedule: 0 0 4 3 *, duration: 24h }\n`,
    });
    fleet.commit("a freeze");
    const { code, out } = await ahead();
    assert.equal(code, 0);
    assert.match(
      out,
      /\nwhat holds it now:\n {2}prod is frozen until 2026-03-05 00:00 UTC \(.*\)\n {2}prod-us cannot be reached: the API server does not answer\n/,
    );
    assert.doesNotMatch((await ahead("--during-freeze", "orders are lost")).out, /frozen until/);
  });

  it("says that the version was taken back, and that nothing is left", async () => {
    early.bad = ["1.4.0"];
    assert.equal((await rollout()).code, 1);
    assert.match(
      (await ahead()).out,
      /^no step of orders in prod is left \(nothing is written\)\nwhat holds it now:\n {2}orders was taken back from prod\/canary \([0-9a-f]{10}\); a rollout begins with another version, or with --again\n$/,
    );
    assert.match((await ahead("--again")).out, /^3 steps of orders in prod/);
    early.bad = [];
    assert.equal((await rollout("--again")).code, 0);
    assert.equal(
      (await ahead()).out,
      "no step of orders in prod is left (nothing is written)\nprod/rest: prod-eu-2 has it, Synced and Healthy\nprod/rest: prod-us-2 has it, Synced and Healthy\n",
    );
  });
});
