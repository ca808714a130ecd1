import assert from "node:assert/strict";
import { application, applicationSet, bootstrap, commit, FakeCluster, olderCommit } from "../../support/fake-cluster";
import { lifetimeType } from "../../../../model/lifetime";
import { resources, urn } from "../../support/fake-pulumi";
import { healthyCluster, Tool } from "../../support/tool";

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

  it("says of an ephemeral stack when its time runs out, and that one is past its time", async () => {
    for (const [stack, expires] of [
      ["pr-1", "2026-03-04T09:06:07Z"],
      ["pr-2", "2026-03-04T04:00:00Z"],
      ["pr-3", undefined],
    ] as const) {
      hasCluster(stack);
      const outputs = { from: "dev", ...(expires && { expires }) };
      const lifetime = { urn: urn(stack, lifetimeType, "lifetime"), type: lifetimeType, outputs };
      tool.pulumi.writeState(stack, { resources: [lifetime, ...resources(stack)] });
    }
    assert.equal(await tool.run("onebranch status pr-1 pr-3"), 0);
    assert.match(
      tool.io.stdout,
      /^pr-1 takes the identity of dev; its time runs out in 4 h \(2026-03-04T09:06:07Z\)$/m,
    );
    assert.match(tool.io.stdout, /^pr-3 takes the identity of dev; its time never runs out$/m);
    assert.equal(await tool.again("onebranch status pr-2"), 1);
    assert.match(
      tool.io.stdout,
      /^pr-2 takes the identity of dev; its time ran out 1 h 6 min ago \(2026-03-04T04:00:00Z\): renew it with `onebranch up pr-2 --ttl 4h`, or run `onebranch sweep`$/m,
    );
    assert.equal(await tool.again("onebranch status --json"), 1);
    const found = JSON.parse(tool.io.stdout) as { lifetime: object }[];
    assert.deepEqual(found.map(({ lifetime }) => lifetime).at(-1), { from: "dev" });
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

  describe("when something stands still", () => {
    const pin = "gitops/apps/orders/stages/dev/pin.yaml";
    const refused = `application references project (${pin}: team is missing or is not a text) which does not exist`;
    const broken = `error generating params from git: unable to process file '${pin}' from repository 'https://git.example.com/tree.git': unable to parse file: yaml: line 2`;
    const look = {
      applications: [
        bootstrap(),
        application("shop", { deleting: true, operating: true, phase: "Running" }),
        application("web", { sync: "OutOfSync", phase: "Failed", message: "no such kind" }),
      ],
      sets: [
        applicationSet("root"),
        applicationSet("components", { error: `${refused} (and 1 more)` }),
        applicationSet("charts", { error: broken }),
        applicationSet("others", { error: "repo-server does not answer" }),
      ],
    };
    const stuck = [
      `ApplicationSet components: ${pin}: team is missing or is not a text; its Application stays as it is; 1 more of its Applications are refused`,
      `ApplicationSet charts: ${pin}: yaml: line 2; until it is mended, charts makes, moves and removes no Application`,
      "ApplicationSet others: repo-server does not answer",
      "shop is being deleted, and waits for its sync to end",
      "web: its sync failed, and Argo CD tries again only at the next commit",
    ];

    it("says what and why, in text and as JSON, and changes nothing", async () => {
      const cluster = new FakeCluster([look]);
      hasCluster("dev", cluster);
      assert.equal(await tool.run("onebranch status"), 1);
      assert.deepEqual(
        tool.io.stdout.split("\n").filter((line) => line.startsWith("stands still: ")),
        stuck.map((why) => `stands still: ${why}`),
      );
      assert.equal(await tool.again("onebranch status --json"), 1);
      assert.deepEqual((JSON.parse(tool.io.stdout) as [{ stuck: string[] }])[0].stuck, stuck);
      assert.deepEqual(cluster.calls, []);
    });

    it("says what it could not end, and goes on", async () => {
      const cluster = new FakeCluster([look]);
      cluster.endOperation = () => Promise.reject(new Error("the API server answered 403: not you"));
      hasCluster("dev", cluster);
      assert.equal(await tool.run("onebranch status --fix"), 1);
      assert.match(
        tool.io.stderr,
        /^dev: shop stays as it is: the API server answered 403: not you\ndev: started the sync of web again$/m,
      );
      assert.doesNotMatch(tool.io.stdout, /down:/);
    });

    it("ends and starts again with --fix", async () => {
      const cluster = new FakeCluster([look]);
      hasCluster("dev", cluster);
      assert.equal(await tool.run("onebranch status --fix"), 1);
      const generated = ["components", "charts", "others"];
      assert.deepEqual(cluster.calls, [...generated.map((name) => `generate ${name}`), "end shop", "retry web"]);
      assert.equal(
        tool.io.stderr,
        [
          ...generated.map((name) => `dev: asked the ApplicationSet ${name} to generate again\n`),
          "dev: ended the sync of shop\n",
          "dev: started the sync of web again\n",
        ].join(""),
      );
    });
  });

  describe("beside the newest commit of the branch", () => {
    const follows = { repoURL: "https://git.example.com/tree.git", revision: "main" };
    const cluster = (revision: string) =>
      new FakeCluster([{ applications: [bootstrap({ follows, revisions: [revision] })] }]);

    it("says that the cluster is not there", async () => {
      hasCluster("dev", cluster(olderCommit));
      assert.equal(await tool.run("onebranch status"), 1);
      assert.match(tool.io.stdout, / fedcba9 \(the branch is at 0123456\)\n/);
      assert.equal(await tool.again("onebranch status --json"), 1);
      assert.equal((JSON.parse(tool.io.stdout) as [{ newest: string }])[0].newest, commit);
    });

    it("asks this checkout where the cluster follows it", async () => {
      hasCluster("dev", cluster(olderCommit));
      tool.hasRecord("dev", { followsCheckout: true });
      tool.remoteCommit = olderCommit;
      assert.equal(await tool.run("onebranch status"), 1);
      assert.match(tool.io.stdout, / fedcba9 \(the branch is at 0123456\)\n/);
    });

    it("is content when it is there, or when the repository does not answer", async () => {
      hasCluster("dev", cluster(commit));
      assert.equal(await tool.run("onebranch status"), 0);
      tool.remoteCommit = undefined;
      assert.equal(await tool.again("onebranch status"), 0);
    });
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

  it("says that a policy of the cluster is missing, or not as it was written", async () => {
    const cluster = healthyCluster();
    const policy = { kind: "ValidatingAdmissionPolicy", name: "onebranch-identity", digest: "a" };
    const binding = { kind: "ValidatingAdmissionPolicyBinding", name: "onebranch-identity", digest: "b" };
    hasCluster("dev", cluster);
    const asking = { kind: "MutatingAdmissionPolicy", name: "onebranch-confirm-prune", digest: "d" };
    tool.hasRecord("dev", { policies: [policy, binding, asking] });
    cluster.written.push(policy, binding, asking);
    assert.equal(await tool.run("onebranch status"), 0);
    cluster.written.splice(0, 3, { ...policy, digest: "c" });
    assert.equal(await tool.again("onebranch status"), 1);
    assert.match(
      tool.io.stdout,
      /^dev: the ValidatingAdmissionPolicy onebranch-identity is not as `up` wrote it: .*; run `onebranch up dev`$/m,
    );
    assert.match(tool.io.stdout, /^dev: the ValidatingAdmissionPolicyBinding onebranch-identity is missing: /m);
    assert.equal(await tool.again("onebranch status --json"), 1);
    const [{ faults }] = JSON.parse(tool.io.stdout) as [{ faults: string[] }];
    assert.equal(faults.length, 3);
    assert.equal(
      faults[2],
      "the MutatingAdmissionPolicy onebranch-confirm-prune is missing: Argo CD may remove data without a confirmation",
    );
  });

  it("says that nothing is known of the policies where the record of the last up has none", async () => {
    hasCluster("dev", healthyCluster());
    tool.hasRecord("dev");
    assert.equal(await tool.run("onebranch status"), 0);
    assert.doesNotMatch(tool.io.stdout, /not known/);
    tool.hasRecord("dev", { policies: undefined! });
    assert.equal(await tool.again("onebranch status"), 0, "nothing wrong was seen");
    assert.match(tool.io.stdout, /^dev: it is not known whether the policies .*; run `onebranch up dev`$/m);
    assert.equal(await tool.again("onebranch status --json"), 0);
    const [{ unknown }] = JSON.parse(tool.io.stdout) as [{ unknown: string }];
    assert.match(unknown, /kept no digests/);
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
