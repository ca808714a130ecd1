import assert from "node:assert/strict";
import { renewRepo } from "../../support/tree-repo";
import { at, Fleet, good } from "../rollout/fleet";

const canary = "gitops/apps/orders/stages/prod/rings/canary/pin.yaml";

/** orders 1.1.0 is in the ring canary (prod-us) of prod, and goes on to early (prod-eu). It is 2026-03-04. */
describe("onebranch promote --soak", () => {
  const fleet = renewRepo(new Fleet());
  const promote = (...words: string[]) =>
    fleet.run("promote", "orders", "--to", "prod", "--commit", "--offline", ...words);

  beforeEach(() => {
    fleet.io.today = at("06:00");
    fleet.answers("prod-us", [good(fleet, "1.1.0")]);
  });

  async function refused(reason: string, ...words: string[]): Promise<void> {
    const before = fleet.head();
    const { code, err } = await promote("--soak", "5h", ...words);
    assert.equal(code, 1, err);
    assert.equal(
      err,
      `orders stays where it is: every cluster of prod/canary has to have exactly its pin for 5h, Synced and Healthy:
  ${reason}
run the same command when that is so, or say with --force-soak REASON why it cannot wait
`,
    );
    assert.deepEqual([fleet.head(), fleet.changes()], [before, []]);
  }

  it("goes on when every cluster of the ring before has had the pin for so long", async () => {
    const { code, err } = await promote("--soak", "4h");
    assert.equal(code, 0, err);
    assert.match(fleet.git("log", "-1", "--format=%B"), /^Promote orders to prod\/early/);
    assert.doesNotMatch(fleet.git("log", "-1", "--format=%B"), /soak/);
  });

  it("says since when a cluster has it, and when that is long enough", async () => {
    await refused("prod-us has it Synced and Healthy since 2026-03-04 02:00 UTC; 5h are over at 2026-03-04 07:00 UTC");
  });

  it("counts from the sync that brought the pin, and not from a later one", async () => {
    const first = fleet.head();
    fleet.put({ "gitops/apps/guestbook/values.yaml": "config:\n  TITLE: other\n" });
    const later = fleet.commit("something else");
    const { sources } = good(fleet, "1.1.0");
    const history = [
      { at: at("00:00"), revisions: [first], sources },
      { at: at("05:00"), revisions: [later], sources },
    ];
    fleet.answers("prod-us", [good(fleet, "1.1.0", { history, healthSince: at("00:30") })]);
    assert.equal((await promote("--soak", "5h")).code, 0);
  });

  it("counts from the last sync of exactly this pin, not from an earlier version's", async () => {
    const first = fleet.head();
    fleet.put({ [canary]: fleet.read(canary).replace("1.4.0", "1.4.1") });
    const newer = fleet.commit("1.4.1");
    const { sources } = good(fleet, "1.1.0");
    const history = [
      { at: at("00:00"), revisions: [first], sources },
      { at: at("05:30"), revisions: [newer], sources },
    ];
    fleet.answers("prod-us", [good(fleet, "1.1.0", { history, healthSince: at("00:00") })]);
    await refused("prod-us has it Synced and Healthy since 2026-03-04 05:30 UTC; 5h are over at 2026-03-04 10:30 UTC");
  });

  it("counts from the pin's commit where the sync before needed no other", async () => {
    const first = fleet.head();
    fleet.put({ [canary]: fleet.read(canary).replace("registry.example.com/orders", "registry.example.com/orders2") });
    fleet.git("add", "--all");
    fleet.git("-c", "user.name=a", "commit", "--quiet", "--message", "x", "--date", "2026-03-04T04:00:00Z");
    const newer = fleet.head();
    const { sources } = good(fleet, "1.1.0");
    const history = [{ at: at("01:00"), revisions: [first], sources }];
    fleet.answers("prod-us", [good(fleet, "1.1.0", { revisions: [newer], history, healthSince: at("00:00") })]);
    const { code, err } = await promote("--soak", "5h");
    assert.equal(code, 1);
    // The commit is of now, which is later than the clock of this test.
    assert.match(err, /prod-us has it Synced and Healthy since 20\d\d-\S+ \S+ UTC; 5h are over at /);
    assert.doesNotMatch(err, /since 2026-03-04 0[01]:00/);
  });

  it("waits for a cluster that is not there yet, in words of its own", async () => {
    const older = fleet.head();
    fleet.put({ [canary]: fleet.read(canary).replace("1.4.0", "1.4.1") });
    fleet.commit("1.4.1");
    const { sources } = good(fleet, "1.1.0");
    const unknown = "1".repeat(40);
    const cases: [string, Parameters<typeof good>[2]][] = [
      [`is at ${older.slice(0, 7)} and has not taken the pin yet`, { revisions: [older] }],
      ["is at no commit and has not taken the pin yet", { revisions: [] }],
      ["is at 1111111, a commit that this checkout does not have", { revisions: [unknown] }],
      [
        `is at ${fleet.head().slice(0, 7)} and has not taken the pin yet`,
        { sources: [{ path: "gitops/charts/web/1.0.0" }] },
      ],
      ["is Progressing: waiting for 1 pod", { health: "Progressing", healthMessage: "waiting for 1 pod" }],
      ["is Degraded", { health: "Degraded" }],
      ["is OutOfSync", { sync: "OutOfSync" }],
      ["is removing the Application orders", { deleting: true }],
      ["is syncing it", { phase: "Running" }],
      [
        "fails to sync it: sync failed: no such kind",
        {
          sync: "OutOfSync",
          phase: "Failed",
          message: "no such kind",
          operation: { revisions: [fleet.head()], retries: 0 },
        },
      ],
      ["has it, but its Argo CD does not say since when it is Healthy", { healthSince: undefined as never }],
    ];
    for (const [reason, more] of cases) {
      fleet.answers("prod-us", [good(fleet, "1.1.0", { sources, ...more })]);
      await refused(`prod-us ${reason}`);
    }
    fleet.answers("prod-us", []);
    await refused("prod-us has no Application orders yet");
  });

  it("takes a cluster that cannot be reached as not yet", async () => {
    fleet.answers("prod-us", new Error("the API server does not answer"));
    await refused("prod-us cannot be reached, which counts as not yet: the API server does not answer");
  });

  it("passes by a cluster with a pin of its own, and refuses where none is left", async () => {
    fleet.put({ "gitops/clusters/prod-us/pins/orders.yaml": "component: orders\nversion: 1.0.0\n" });
    fleet.commit("hold");
    await refused(
      "no cluster of the ring canary of prod runs it; prod-us keeps 1.0.0, by a pin of its own (gitops/clusters/prod-us/pins/orders.yaml)",
    );
  });

  it("asks the clusters of the stage before where the first ring is reached", async () => {
    fleet.put({
      "gitops/apps/guestbook/stages/staging/pin.yaml": fleet
        .read("gitops/apps/guestbook/stages/staging/pin.yaml")
        .replace(/tag: \S+/, "tag: 9.9.9"),
    });
    fleet.commit("guestbook 9.9.9");
    fleet.answers("staging", new Error("the API server does not answer"));
    const { err } = await fleet.run("promote", "guestbook", "--to", "prod", "--commit", "--soak", "1h", "--offline");
    assert.match(err, /every cluster of staging has to have exactly its pin for 1h, .*\n {2}staging cannot be reached/);
    // As docs/promotion.md says, a shell can ask it before a rollout.
    const dry = await fleet.run("promote", "guestbook", "--to", "prod", "--dry-run", "--soak", "1h", "--offline");
    assert.deepEqual([dry.code, dry.err, dry.out], [1, err, ""]);
  });

  it("goes on with a reason, which the commit says with what was missing", async () => {
    const { code, err } = await promote("--soak", "5h", "--force-soak", "the leak is worse");
    assert.equal(code, 0, err);
    assert.match(
      fleet.git("log", "-1", "--format=%B"),
      /\n\nWithout the soak of 5h: the leak is worse\n {2}orders: prod-us has it Synced and Healthy since 2026-03-04 02:00 UTC; 5h are over at 2026-03-04 07:00 UTC$/,
    );
  });

  it("refuses what makes no sense", async () => {
    const said = async (...words: string[]) => (await fleet.run("promote", "orders", "--to", "prod", ...words)).err;
    assert.match(await said("--soak", "long"), /--soak must be a duration such as 90s, 5m, 1h or 2d, found "long"/);
    assert.match(
      await said("--commit", "--force-soak", "x"),
      /say with --soak DURATION which soak --force-soak does not wait for/,
    );
    assert.match(
      await said("--soak", "1h", "--force-soak", "x"),
      /--force-soak is written into the commit; use it with --commit/,
    );
    assert.match(
      await said("--during-freeze", "x"),
      /--during-freeze is written into the commit; use it with --commit/,
    );
    assert.match(await said("--commit", "--during-freeze", " "), /say with --during-freeze REASON why it cannot wait/);
  });
});

describe("onebranch promote in a freeze", () => {
  const fleet = renewRepo(new Fleet());
  const stage = "gitops/stages/prod.yaml";
  const promote = (...words: string[]) => fleet.run("promote", "orders", "--to", "prod", "--offline", ...words);

  beforeEach(() => {
    fleet.put({
      [stage]: `${fleet.read(stage)}syncWindows:\n  - { kind: deny, schedule: 0 18 3 3 *, duration: 48h, timeZone: Europe/Berlin, manualSync: true }\n`,
    });
    fleet.commit("a freeze");
    fleet.io.today = at("12:00");
  });

  it("refuses with the end of the window, and writes nothing", async () => {
    const before = fleet.head();
    const { code, err } = await promote("--commit");
    assert.equal(code, 1);
    assert.equal(
      err,
      "prod is frozen until 2026-03-05 18:00 Europe/Berlin (deny 0 18 3 3 * for 48h in gitops/stages/prod.yaml; a person may sync by hand); wait until then, or say with --during-freeze REASON why it cannot wait\n",
    );
    assert.deepEqual([fleet.head(), fleet.changes()], [before, []]);
    assert.equal((await promote()).code, 1);
  });

  it("goes on with a reason, which the commit says", async () => {
    const { code, err } = await promote("--commit", "--during-freeze", "orders are lost");
    assert.equal(code, 0, err);
    assert.match(
      fleet.git("log", "-1", "--format=%B"),
      /\n\nDuring a freeze: orders are lost \(prod is frozen until 2026-03-05 18:00 Europe\/Berlin \(deny .*\)\)$/,
    );
  });

  it("says it in a dry run, and goes on when the window is over", async () => {
    const dry = await promote("--dry-run");
    assert.match(
      dry.out,
      /^prod is frozen until 2026-03-05 18:00 Europe\/Berlin \(.*\)\norders: canary -> prod\/early/,
    );
    assert.equal(dry.code, 0);
    fleet.io.today = new Date("2026-03-05T17:00:00Z");
    assert.equal((await promote("--commit")).code, 0);
  });
});
