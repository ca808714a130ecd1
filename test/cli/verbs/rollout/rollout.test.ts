import assert from "node:assert/strict";
import { renewRepo } from "../../support/tree-repo";
import { at, Fleet, type Following } from "./fleet";

const prod = "gitops/apps/orders/stages/prod";

/** orders 1.3.0 is in prod, and 1.4.0 in the ring canary (prod-us); early is prod-eu, rest prod-eu-2 and prod-us-2. */
describe("onebranch rollout", function () {
  // A rollout makes commits, and each of them is planned.
  const fleet = renewRepo(new Fleet());
  let canary: Following, early: Following, rest: Following[];
  const rollout = (...words: string[]) => fleet.run("rollout", "orders", "--to", "prod", ...words);
  const subjects = (since: string) => fleet.git("log", "--format=%s", `${since}..HEAD`).split("\n").filter(Boolean);

  beforeEach(() => {
    // At rest: 1.4.0 is in staging alone.
    fleet.git("rm", "--quiet", "-r", `${prod}/rings`);
    fleet.commit("at rest");
    fleet.io.today = at("06:00");
    fleet.io.whileAsleep = () => undefined;
    canary = fleet.follows("prod-us", "canary");
    early = fleet.follows("prod-eu", "early");
    rest = ["prod-eu-2", "prod-us-2"].map((name) => fleet.follows(name, "rest"));
  });

  it("goes through all rings, one commit each, and says so", async () => {
    const start = fleet.head();
    const { code, out, err } = await rollout();
    assert.equal(code, 0, err);
    assert.equal(out, "orders web 1.1.0, 1.4.0 is in every cluster of prod, Synced and Healthy\n");
    assert.deepEqual(subjects(start), [
      "Promote orders to prod/rest: web 1.1.0, 1.4.0",
      "Promote orders to prod/early: web 1.1.0, 1.4.0",
      "Promote orders to prod/canary: web 1.1.0, 1.4.0",
    ]);
    assert.deepEqual(fleet.changes(), []);
    assert.match(fleet.git("log", "-1", "--format=%B"), /\n\nRollout-Step: orders prod\/rest$/);
    assert.match(err, /\nprod\/early {2}prod-eu {2}has it, Synced and Healthy\n/);
    assert.equal((await rollout()).out, out);
    assert.equal(subjects(start).length, 3);
  });

  it("takes all of it back when a ring fails, each step by a commit of its own, and says why", async () => {
    const [start, tree] = [fleet.head(), fleet.git("rev-parse", `HEAD:${prod}`)];
    early.bad = ["1.4.0"];
    early.words = ["Deployment orders: Available is False: no pod is ready"];
    early.events.set("orders", [
      { kind: "ReplicaSet", name: "orders-1", reason: "FailedCreate", message: "quota is full", at: at("06:00") },
    ]);
    const { code, out } = await rollout();
    assert.equal(code, 1);
    assert.deepEqual(subjects(start), [
      "Take orders in prod/canary back",
      "Take orders in prod/early back",
      "Promote orders to prod/early: web 1.1.0, 1.4.0",
      "Promote orders to prod/canary: web 1.1.0, 1.4.0",
    ]);
    assert.equal(fleet.git("rev-parse", `HEAD:${prod}`), tree);
    assert.deepEqual(
      [canary.had, early.had, rest[0]!.had],
      [["1.3.0", "1.4.0", "1.3.0"], ["1.3.0", "1.4.0", "1.3.0"], []],
    );
    assert.match(out, /^orders was taken back from prod\/canary \([0-9a-f]{10}, .*\):\n/);
    assert.match(out, /\n {2}prod-eu is Degraded: Deployment orders is Degraded: no progress\n/);
    assert.doesNotMatch(out, /Version:/);
    assert.match(
      out,
      /\n {4}Deployment orders: Available is False: no pod is ready\n {4}ReplicaSet orders-1: FailedCreate: quota is full\n/,
    );
    assert.match(
      out,
      /its clusters are Synced and Healthy again; a rollout begins with another version, or with --again\n$/,
    );
    const message = fleet.git("log", "-1", "--skip=1", "--format=%B");
    assert.match(
      message,
      /^Take orders in prod\/early back\n\nprod-eu is Degraded: .*\n(.*\n)*\nRestores what [0-9a-f]{40} changed \(Promote orders to prod\/early/,
    );
  });

  it("does not try the same version again by itself, but another one, or when it is asked to", async () => {
    early.bad = ["1.4.0"];
    await rollout();
    const start = fleet.head();
    const again = await rollout();
    assert.deepEqual([again.code, subjects(start)], [1, []]);
    assert.match(again.out, /^orders was taken back from prod\/canary/);
    early.bad = [];
    assert.equal((await rollout("--again")).code, 0);
    assert.equal(subjects(start).length, 3);
    fleet.git("reset", "--quiet", "--hard", start);
    for (const stage of ["dev", "staging"]) {
      const pin = `gitops/apps/orders/stages/${stage}/pin.yaml`;
      fleet.put({ [pin]: fleet.read(pin).replace("1.4.0", "1.4.1") });
    }
    fleet.commit("orders 1.4.1");
    const { code, out } = await rollout();
    assert.equal(code, 0, out);
    assert.match(out, /^orders web 1\.1\.0, 1\.4\.1 is in every cluster of prod/);
  });

  it("takes nothing of an earlier rollout back", async () => {
    assert.equal((await rollout()).code, 0);
    const tree = fleet.git("rev-parse", `HEAD:${prod}`);
    for (const stage of ["dev", "staging"]) {
      const pin = `gitops/apps/orders/stages/${stage}/pin.yaml`;
      fleet.put({ [pin]: fleet.read(pin).replace("1.4.0", "1.4.1") });
    }
    const start = fleet.commit("orders 1.4.1");
    early.bad = ["1.4.1"];
    assert.equal((await rollout()).code, 1);
    assert.equal(fleet.git("rev-parse", `HEAD:${prod}`), tree);
    assert.equal(subjects(start).length, 4);
    assert.equal((await rollout()).code, 1);
    assert.equal(subjects(start).length, 4);
    assert.equal((await rollout("--again")).code, 1);
    assert.equal(fleet.git("rev-parse", `HEAD:${prod}`), tree);
    assert.equal(subjects(start).length, 8);
  });

  it("takes the last step alone back when it is asked to", async () => {
    const start = fleet.head();
    early.bad = ["1.4.0"];
    assert.equal((await rollout("--take-back", "last")).code, 1);
    assert.equal(subjects(start)[0], "Take orders in prod/early back");
    assert.equal(subjects(start).length, 3);
    assert.deepEqual(canary.had, ["1.3.0", "1.4.0"]);
  });

  const syncing = { sync: "OutOfSync", phase: "Running", operating: true, message: "the webhook does not answer" };
  for (const [what, more, retries, reason] of [
    [
      "a sync that fails",
      { sync: "OutOfSync", phase: "Failed", message: "no such kind" },
      0,
      "fails to sync it: sync failed: no such kind",
    ],
    ["a sync that fails again and again", syncing, 3, "fails to sync it, 3 times now: "],
    ["a sync that is late in its second try", syncing, 1, "is syncing it again: "],
    ["a ring that is late", { health: "Progressing" }, 0, "is Progressing, and 30.0 s are over"],
  ] as const) {
    it(`takes it back at ${what}`, async () => {
      canary.atLook = () => {
        const is = fleet.git("log", "-1", "--format=%s").startsWith("Promote");
        canary.more = is ? { ...more, operation: { revisions: [fleet.head()], retries } } : {};
      };
      const { code, out } = await rollout("--timeout", "30s");
      assert.equal(code, 1);
      assert.ok(out.includes(`\n  prod-us ${reason}`), out);
      assert.equal(fleet.git("log", "-1", "--format=%s"), "Take orders in prod/canary back");
    });
  }

  it("waits for the soak that the clusters tell, also when it was ended and runs again", async () => {
    let ends = true;
    const start = fleet.head();
    fleet.io.whileAsleep = () => {
      fleet.io.today = new Date(fleet.io.today.getTime() + 30_000);
      if (ends && fleet.io.today >= at("06:05")) throw new Error("ended in the middle");
    };
    // The pin comes to each of them at six o'clock on its own clock.
    for (const cluster of [canary, early, ...rest]) cluster.more = { healthSince: at("06:00") };
    assert.notEqual((await rollout("--soak", "10m")).code, 0);
    assert.equal(subjects(start).length, 1);
    ends = false;
    const second = await rollout("--soak", "10m");
    assert.equal(second.code, 0, second.err);
    assert.ok(fleet.io.today >= at("06:10") && fleet.io.today < at("06:11"), String(fleet.io.today));
    assert.match(
      second.err,
      /prod\/canary {2}prod-us {2}has it Synced and Healthy since 2026-03-04 06:00 UTC; 10m are over at 2026-03-04 06:10 UTC\n/,
    );
    assert.doesNotMatch(second.err, /prod\/rest .* are over at/);
    assert.equal(subjects(start).length, 3);
  });

  it("leaves a step whose files somebody has changed since", async () => {
    let changed = false;
    early.atLook = () => {
      if (changed || !fleet.git("log", "-1", "--format=%s").startsWith("Promote orders to prod/early")) return;
      changed = true;
      const file = `${prod}/rings/early/pin.yaml`;
      fleet.put({ [file]: `# mine\n${fleet.read(file)}` });
      fleet.commit("mine");
    };
    early.bad = ["1.4.0"];
    const { code, err } = await rollout("--timeout", "20s");
    assert.equal(code, 1);
    assert.match(
      err,
      /rings\/early\/pin\.yaml has been changed since [0-9a-f]{10}, so that step is not taken back by itself; `onebranch rollback` restores an earlier state\n$/,
    );
    assert.equal(fleet.git("log", "-1", "--format=%s"), "mine");
  });

  it("leaves alone what it has not brought, and says whose it is", async () => {
    await fleet.run("promote", "orders", "--to", "prod", "--commit", "--offline");
    const start = fleet.head();
    canary.bad = ["1.4.0"];
    const { code, out } = await rollout("--timeout", "20s");
    assert.deepEqual([code, subjects(start)], [1, []]);
    assert.match(
      out,
      /^orders is not well in prod\/canary, and no rollout has brought it there \([0-9a-f]{10} by test: Promote orders to prod\/canary: .*\), so it is not taken back; onebranch rollback orders --stage prod --ring canary:\n {2}prod-us is Degraded/,
    );
  });

  it("takes nothing back while no cluster of the ring can be asked, and goes on later", async () => {
    const start = fleet.head();
    let down = true;
    early.atLook = () => {
      if (down && subjects(start).length === 2) throw new Error("the API server does not answer");
    };
    const { code, out } = await rollout("--timeout", "20s");
    assert.equal(code, 1);
    assert.match(
      out,
      /^no cluster of prod\/early can be reached from here, so nothing is taken back; run the same command when that is over:\n {2}prod-eu cannot be reached/,
    );
    assert.equal(subjects(start).length, 2);
    down = false;
    assert.equal((await rollout()).code, 0);
    assert.equal(subjects(start).length, 3);
  });

  it("stops at a freeze with its end, and goes on with a reason", async () => {
    const stage = "gitops/stages/prod.yaml";
    fleet.put({
      [stage]: `${fleet.read(stage)}syncWindows:\n  - { kind: deny, schedule: 0 0 4 3 *, duration: 24h }\n`,
    });
    fleet.commit("a freeze");
    const start = fleet.head();
    const { code, err } = await rollout();
    assert.equal(code, 1);
    assert.match(
      err,
      /^prod is frozen until 2026-03-05 00:00 UTC \(deny 0 0 4 3 \* for 24h in gitops\/stages\/prod\.yaml\); wait/,
    );
    assert.deepEqual(subjects(start), []);
    assert.equal((await rollout("--during-freeze", "orders are lost")).code, 0);
    assert.match(fleet.git("log", "-1", "--format=%B"), /\n\nDuring a freeze: orders are lost \(/);
  });

  it("ends a sync of what it takes back, so that Argo CD comes to the commit", async () => {
    canary.atLook = () => {
      const isStep = fleet.git("log", "-1", "--format=%s").startsWith("Promote");
      const step = fleet.git("log", "-1", "--format=%H", "--grep=^Promote orders to prod/canary");
      const hangs = step !== "" && (isStep || !canary.calls.includes("end orders"));
      canary.more = hangs ? { phase: "Running", operating: true, operation: { revisions: [step], retries: 0 } } : {};
    };
    const { code, out } = await rollout("--timeout", "30s");
    assert.equal(code, 1);
    assert.match(out, /\n {2}prod-us is syncing it, and 30\.0 s are over\n/);
    assert.match(out, /its clusters are Synced and Healthy again; /);
    assert.deepEqual(
      canary.calls.filter((call) => call.startsWith("end")),
      ["end orders"],
    );
  });
});
