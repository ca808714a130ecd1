import assert from "node:assert/strict";
import { application, bootstrap, commit, FakeCluster, olderCommit } from "../../support/fake-cluster";
import { resources } from "../../support/fake-pulumi";
import { Tool } from "../../support/tool";

describe("onebranch status", () => {
  let tool: Tool;
  beforeEach(() => (tool = new Tool()));
  afterEach(() => tool.checkout.remove());

  function hasCluster(stack: string, cluster?: FakeCluster): void {
    tool.pulumi.writeState(stack, { resources: resources(stack) });
    tool.hasRecord(stack);
    tool.hasKubeconfig(stack);
    if (cluster !== undefined) tool.clusters.set(stack, cluster);
  }

  it("says that there is none, in text and as JSON", async () => {
    assert.equal(await tool.run("onebranch status"), 0);
    assert.equal(tool.io.stdout, "there is no cluster yet; make one with `onebranch up <stack>`\n");
    assert.equal(await tool.again("onebranch status --json"), 0);
    assert.deepEqual(JSON.parse(tool.io.stdout), []);
  });

  it("has one line for each cluster, and what is not fine below", async () => {
    hasCluster("dev");
    hasCluster(
      "staging",
      new FakeCluster([
        {
          applications: [
            bootstrap(),
            application("guestbook", { revisions: [olderCommit] }),
            application("orders", { sync: "OutOfSync", conditions: [{ type: "SyncError", message: "refused" }] }),
          ],
        },
      ]),
    );
    assert.equal(await tool.run("onebranch status"), 1);
    assert.equal(
      tool.io.stdout,
      [
        "CLUSTER  STAGE    REGION     PROVIDER  SYNCED  HEALTHY  DRIFTED  COMMIT",
        "dev      dev      us-east-1  embedded  2 of 2  2 of 2   0        0123456",
        "staging  staging  us-east-1  embedded  2 of 3  3 of 3   1        0123456 (1 component at another)",
        "",
        "staging",
        "NAME    SYNC       HEALTH   COMMIT   MESSAGE",
        "orders  OutOfSync  Healthy  0123456  SyncError: refused",
        "",
      ].join("\n"),
    );
  });

  it("lists every component of a cluster that is named", async () => {
    hasCluster("dev");
    hasCluster("staging");
    assert.equal(await tool.run("onebranch status staging"), 0);
    assert.equal(
      tool.io.stdout,
      [
        "CLUSTER  STAGE    REGION     PROVIDER  SYNCED  HEALTHY  DRIFTED  COMMIT",
        "staging  staging  us-east-1  embedded  2 of 2  2 of 2   0        0123456",
        "",
        "staging",
        "NAME       SYNC    HEALTH   COMMIT   MESSAGE",
        "bootstrap  Synced  Healthy  0123456",
        "guestbook  Synced  Healthy  0123456",
        "",
      ].join("\n"),
    );
  });

  it("is JSON of a fixed shape", async () => {
    hasCluster("dev");
    assert.equal(await tool.run("onebranch status --json"), 0);
    const fine = { sync: "Synced", health: "Healthy", revision: commit, message: "" };
    assert.deepEqual(JSON.parse(tool.io.stdout), [
      {
        cluster: "dev",
        stage: "dev",
        region: "us-east-1",
        provider: "embedded",
        revision: commit,
        components: [
          { name: "bootstrap", ...fine },
          { name: "guestbook", ...fine },
        ],
      },
    ]);
  });

  it("lists a cluster that does not answer as down, with what to run", async () => {
    hasCluster("dev", new FakeCluster([new Error("the API server does not answer")]));
    assert.equal(await tool.run("onebranch status"), 1);
    assert.match(
      tool.io.stdout,
      /^dev +dev +us-east-1 +embedded +- +- +- +down: the API server does not answer; run `onebranch up dev`$/m,
    );
    assert.equal(await tool.again("onebranch status --json"), 1);
    assert.deepEqual(JSON.parse(tool.io.stdout), [
      {
        cluster: "dev",
        stage: "dev",
        region: "us-east-1",
        provider: "embedded",
        revision: "",
        components: [],
        message: "down: the API server does not answer; run `onebranch up dev`",
      },
    ]);
  });

  it("lists a cluster whose files are gone as down", async () => {
    tool.pulumi.writeState("dev", { resources: resources("dev") });
    tool.hasRecord("dev");
    assert.equal(await tool.run("onebranch status"), 1);
    assert.match(tool.io.stdout, /down: its kubeconfig \S+ is missing; run `onebranch up dev`/);
  });

  it("refuses names that match nothing", async () => {
    assert.equal(await tool.run("onebranch status dev"), 2);
    assert.equal(tool.io.stderr, "there is no cluster dev; there is none yet; make one with `onebranch up <stack>`\n");
    hasCluster("dev");
    assert.equal(await tool.again("onebranch status dve"), 2);
    assert.equal(tool.io.stderr, "there is no cluster dve; did you mean dev?\n");
    assert.equal(await tool.again("onebranch status production"), 2);
    assert.equal(tool.io.stderr, "there is no cluster production; there are dev\n");
  });

  it("leaves a stack out that has no cluster", async () => {
    tool.pulumi.writeState("dev", null);
    assert.equal(await tool.run("onebranch status --json"), 0);
    assert.deepEqual(JSON.parse(tool.io.stdout), []);
  });
});
