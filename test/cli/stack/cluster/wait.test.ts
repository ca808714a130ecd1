import assert from "node:assert/strict";
import { waitUntilHealthy, type WaitOptions } from "../../../../cli/stack/cluster/wait";
import { createProgress } from "../../../../cli/terminal/progress";
import { application, applicationSet, bootstrap, commit, FakeCluster, olderCommit } from "../../support/fake-cluster";
import { FakeIo } from "../../support/fake-io";

const good = { applications: [bootstrap(), application("guestbook")] };

function wait(reader: FakeCluster, more: Partial<WaitOptions> = {}) {
  const io = new FakeIo("/");
  return waitUntilHealthy({
    io,
    reader,
    progress: createProgress(io),
    commit: async () => commit,
    timeout: 10_000,
    signal: new AbortController().signal,
    ...more,
  });
}

describe("waitUntilHealthy", () => {
  it("asks the ApplicationSets to generate before it believes what it sees", async () => {
    const cluster = new FakeCluster([good, good]);
    const { healthy, applications } = await wait(cluster);
    assert.equal(healthy, true);
    assert.deepEqual(
      applications.map(({ name }) => name),
      ["bootstrap", "guestbook"],
    );
    assert.deepEqual(cluster.calls, ["generate components"]);
  });

  it("sees a component through that the ApplicationSet adds late", async () => {
    const late = { applications: [...good.applications, application("orders", { sync: "OutOfSync" })] };
    const generating = [applicationSet("components", { refreshing: true })];
    const done = { applications: [...good.applications, application("orders")] };
    const cluster = new FakeCluster([good, { ...good, sets: generating }, late, done]);
    const { applications } = await wait(cluster);
    assert.deepEqual(
      applications.map(({ name }) => name),
      ["bootstrap", "guestbook", "orders"],
    );
  });

  it("brings everything to the commit, one refresh each", async () => {
    const old = { revisions: [olderCommit] };
    const cluster = new FakeCluster([
      { applications: [bootstrap(old), application("guestbook", old)] },
      { applications: [bootstrap(), application("guestbook", old)] },
      { applications: [bootstrap(), application("guestbook", old)] },
      good,
    ]);
    assert.equal((await wait(cluster)).healthy, true);
    assert.deepEqual(cluster.calls, ["refresh bootstrap", "refresh guestbook", "generate components"]);
  });

  it("follows a commit that is made meanwhile", async () => {
    let head = olderCommit;
    const old = { revisions: [olderCommit] };
    const before = { applications: [bootstrap(old), application("guestbook", { ...old, sync: "OutOfSync" })] };
    const io = new FakeIo("/");
    io.whileAsleep = () => (head = commit);
    const cluster = new FakeCluster([before, before, before, before, before, good]);
    const { healthy } = await wait(cluster, { io, commit: async () => head });
    assert.equal(healthy, true);
    assert.deepEqual(cluster.calls, ["generate components", "refresh bootstrap", "generate components"]);
  });

  it("ends and starts again what stands still, every fifteen seconds", async () => {
    const deleted = application("orders", { deleting: true, operating: true, phase: "Running" });
    const failed = application("guestbook", { sync: "OutOfSync", phase: "Failed" });
    const sets = [applicationSet("components", { error: "bad pin", refreshing: true })];
    const cluster = new FakeCluster([{ applications: [bootstrap(), deleted, failed], sets }]);
    const { healthy } = await wait(cluster, { timeout: 31_000 });
    assert.equal(healthy, false);
    const remedies = ["generate components", "end orders", "retry guestbook"];
    assert.deepEqual(cluster.calls, [...remedies, ...remedies]);
  });

  it("puts up with a cluster that does not answer for a moment", async () => {
    assert.equal((await wait(new FakeCluster([new Error("connect ECONNREFUSED"), good]))).healthy, true);
  });

  it("gives up in time and says what is missing", async () => {
    const broken = [bootstrap(), application("guestbook", { health: "Degraded" })];
    const result = await wait(new FakeCluster([{ applications: broken }]));
    assert.deepEqual([result.healthy, result.missing], [false, ["guestbook (Degraded)"]]);
  });

  it("gives up on a cluster that never answers", async () => {
    const { missing } = await wait(new FakeCluster([new Error("connect ECONNREFUSED")]));
    assert.deepEqual(missing, ["the cluster does not answer: connect ECONNREFUSED"]);
  });

  it("ends when it is told to", async () => {
    const stop = new AbortController();
    const io = new FakeIo("/");
    io.whileAsleep = () => stop.abort();
    await assert.rejects(wait(new FakeCluster([{ applications: [] }]), { io, signal: stop.signal }), {
      name: "AbortError",
    });
  });
});
