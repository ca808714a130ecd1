import assert from "node:assert/strict";
import { assess, faultsOf } from "../../../../cli/stack/cluster/assess";
import type { Application, ApplicationSet } from "../../../../cli/stack/cluster/reader";
import { application, applicationSet, bootstrap, commit, olderCommit } from "../../support/fake-cluster";

const sets = [applicationSet("root"), applicationSet("components")];
const generated = new Set([`applicationset components ${commit}`]);

function missing(
  applications: Application[],
  more: { sets?: ApplicationSet[]; asked?: Set<string>; at?: string } = {},
) {
  return assess(applications, more.sets ?? sets, more.at ?? commit, more.asked ?? generated).missing;
}

describe("assess", () => {
  it("is content when everything was generated at the commit and is Synced and Healthy there", () => {
    assert.deepEqual(missing([bootstrap(), application("guestbook")]), []);
  });

  it("waits for the root's Application first, and says what keeps it away", () => {
    assert.deepEqual(missing([application("guestbook")]), ["the ApplicationSet root to make its Application"]);
    const broken = [applicationSet("root", { error: "no such cluster" })];
    assert.deepEqual(missing([], { sets: broken }), [
      "the ApplicationSet root to make its Application: no such cluster",
    ]);
  });

  it("never takes the Applications of before for those of the commit: the ApplicationSet is asked first", () => {
    const found = assess([bootstrap(), application("guestbook")], sets, commit, new Set());
    assert.deepEqual(found.missing, ["the ApplicationSet components to make its Applications"]);
    assert.deepEqual(
      found.generate.map(({ name }) => name),
      ["components"],
    );
  });

  it("does not ask an ApplicationSet before bootstrap is at the commit, since that may change it", () => {
    const found = assess([bootstrap({ revisions: [olderCommit] })], sets, commit, new Set());
    assert.deepEqual(found.missing, ["bootstrap (at fedcba9, not 0123456)"]);
    assert.deepEqual(found.generate, []);
    assert.deepEqual(
      found.refresh.map(({ name }) => name),
      ["bootstrap"],
    );
  });

  const unfinished: [string, Partial<ApplicationSet>, string][] = [
    ["was asked and has not answered", { refreshing: true }, ""],
    ["has not yet generated", { upToDate: false }, ""],
    ["failed to generate", { error: "bad pin" }, ": bad pin"],
  ];
  for (const [what, more, detail] of unfinished) {
    it(`waits for an ApplicationSet that ${what}`, () => {
      const found = missing([bootstrap()], { sets: [applicationSet("components", more)] });
      assert.deepEqual(found, [`the ApplicationSet components to make its Applications${detail}`]);
    });
  }

  it("waits for an ApplicationSet that bootstrap names and that is not there", () => {
    assert.deepEqual(missing([bootstrap()], { sets: [] }), ["the ApplicationSet components to make its Applications"]);
  });

  it("asks for a look at an Application that is behind, once per commit", () => {
    const behind = [bootstrap(), application("guestbook", { revisions: [olderCommit] })];
    const first = assess(behind, sets, commit, generated);
    assert.deepEqual(first.missing, ["guestbook (at fedcba9, not 0123456)"]);
    assert.deepEqual(first.refresh, [{ name: "guestbook", key: `application guestbook ${commit}` }]);
    const asked = new Set([...generated, first.refresh[0]!.key]);
    assert.deepEqual(assess(behind, sets, commit, asked).refresh, []);
  });

  it("takes an Application without sources in Git by the commit of its values", () => {
    assert.deepEqual(missing([bootstrap(), application("cert-manager", { revisions: ["1.2.3", commit] })]), []);
  });

  it("leaves Applications alone that none of ours made", () => {
    const own = application("by-hand", { madeBy: undefined, health: "Degraded" });
    assert.deepEqual(missing([bootstrap(), own]), []);
  });

  it("takes the commit that bootstrap is at where the repository is not this checkout", () => {
    const elsewhere = assess(
      [bootstrap(), application("guestbook", { revisions: [olderCommit] })],
      sets,
      undefined,
      generated,
    );
    assert.deepEqual(elsewhere.missing, ["guestbook (at fedcba9, not 0123456)"]);
  });
});

describe("faultsOf", () => {
  const cases: [string, Partial<Application>, string[]][] = [
    ["a good one", {}, []],
    ["drift", { sync: "OutOfSync" }, ["OutOfSync"]],
    ["bad health", { health: "Degraded" }, ["Degraded"]],
    ["a sync that runs", { phase: "Running" }, ["still syncing"]],
    ["a status of an older source", { current: false }, ["not compared yet"]],
    ["a look that was asked for", { refreshing: true }, ["not compared yet"]],
    ["a source of another commit", { revisions: [olderCommit, commit] }, ["at fedcba9, 0123456, not 0123456"]],
    ["another commit", { revisions: [olderCommit] }, ["at fedcba9, not 0123456"]],
    ["no look yet", { sync: "Unknown", health: "Missing", revisions: [] }, ["Unknown", "Missing"]],
  ];
  for (const [what, more, faults] of cases) {
    it(`names ${what}`, () => assert.deepEqual(faultsOf(application("guestbook", more), commit), faults));
  }
});
