import assert from "node:assert/strict";
import { componentStatuses, componentTable, oneLine, reasonsOf } from "../../../../cli/stack/cluster/report";
import { application, bootstrap, commit } from "../../support/fake-cluster";

const broken = application("orders", {
  sync: "OutOfSync",
  health: "Degraded",
  phase: "Failed",
  message: "one or more objects failed to apply",
  conditions: [{ type: "SyncError", message: "Failed last sync attempt" }],
  troubles: [
    { kind: "Deployment", name: "orders", sync: "Synced", health: "Degraded", message: "exceeded its deadline" },
    { kind: "Service", name: "orders", sync: "OutOfSync", health: "Missing", message: "" },
  ],
});

describe("the report of Applications", () => {
  it("sorts components and says nothing of what is fine", () => {
    assert.deepEqual(componentStatuses([application("guestbook"), bootstrap()]), [
      { name: "bootstrap", sync: "Synced", health: "Healthy", revision: commit, message: "" },
      { name: "guestbook", sync: "Synced", health: "Healthy", revision: commit, message: "" },
    ]);
  });

  it("names every reason, the most telling first", () => {
    assert.deepEqual(reasonsOf(broken), [
      "SyncError: Failed last sync attempt",
      "sync failed: one or more objects failed to apply",
      "Deployment orders is Degraded: exceeded its deadline",
      "Service orders is OutOfSync, Missing",
    ]);
  });

  it("leaves out which process asked for what cannot be rendered", () => {
    const message =
      "Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = repository contains out-of-bounds symlinks. file: docs/x";
    assert.deepEqual(reasonsOf(application("orders", { conditions: [{ type: "ComparisonError", message }] })), [
      "ComparisonError: repository contains out-of-bounds symlinks. file: docs/x",
    ]);
  });

  it("leaves out the command line of Helm", () => {
    const call =
      "`helm template . --name-template orders --values <path to cached source>/gitops/apps/orders/values.yaml`";
    const message = `Failed to load target state: failed to generate manifest for source 1 of 2: rpc error: code = Unknown desc = Manifest generation error (cached): failed to execute helm template command: failed running helm: ${call} failed exit status 1: Error: values don't meet the specifications of the schema(s)`;
    assert.deepEqual(reasonsOf(application("orders", { conditions: [{ type: "ComparisonError", message }] })), [
      "ComparisonError: Error: values don't meet the specifications of the schema(s)",
    ]);
  });

  const pull = (error: string) =>
    `Failed to load target state: failed to generate manifest for source 1 of 2: rpc error: code = Unknown desc = error fetching chart: failed to fetch chart: failed running helm: \`helm pull --destination /tmp/a --version 2.21.0 --repo https://charts.example.com keda\` failed exit status 1: Error: ${error}`;
  const chart = (message: string) =>
    application("keda", {
      sync: "Unknown",
      sources: [
        { repoURL: "https://charts.example.com", chart: "keda" },
        { repoURL: "https://git.example.com/tree.git" },
      ],
      conditions: [{ type: "ComparisonError", message }],
    });

  for (const cause of [
    "dial tcp: lookup charts.example.com on 10.0.0.2:53: no such host",
    "dial tcp 10.0.0.9:443: connect: connection refused",
  ]) {
    it(`tells a chart repository that cannot be reached from a mistake in the tree: ${cause}`, () => {
      const error = `looks like "https://charts.example.com" is not a valid chart repository or cannot be reached: Get "https://charts.example.com/index.yaml": ${cause}`;
      const [first] = reasonsOf(chart(pull(error)));
      assert.equal(first, `https://charts.example.com cannot be reached from the cluster: ${cause.split(": ").at(-1)}`);
    });
  }

  it("says so of an OCI registry, by the name that the pin has", () => {
    const error =
      'failed to perform "FetchReference" on source: Get "https://registry-1.docker.io/v2/a/b/manifests/1.0.0": dial tcp: lookup registry-1.docker.io: i/o timeout';
    const message = pull(error).replace("error fetching chart: failed to fetch chart", "error pulling OCI chart");
    const oci = { ...chart(message), sources: [{ repoURL: "docker.io/a", chart: "b" }] };
    assert.equal(reasonsOf(oci)[0], "docker.io/a cannot be reached from the cluster: i/o timeout");
  });

  it("leaves what the tree can mend in Argo CD's words, and so a Git host that cannot be reached", () => {
    for (const error of [
      'chart "keda" version "9.9.9" not found in https://charts.example.com repository',
      'looks like "https://charts.example.com" is not a valid chart repository or cannot be reached: failed to fetch https://charts.example.com/index.yaml : 404 Not Found',
    ])
      assert.deepEqual(reasonsOf(chart(pull(error))), [`ComparisonError: Error: ${error}`]);
    const git = "failed to list refs: dial tcp: lookup git.example.com: no such host";
    assert.deepEqual(reasonsOf(chart(git)), [`ComparisonError: ${git}`]);
  });

  it("names the kinds that an Application waits for, once", () => {
    const message =
      'one or more objects failed to apply, reason: resource mapping not found for name: "a": no matches for kind "ClusterIssuer" in version "cert-manager.io/v1"\nensure CRDs are installed first,resource mapping not found for name: "b": no matches for kind "ClusterIssuer" in version "cert-manager.io/v1"';
    assert.equal(
      reasonsOf(application("issuers", { sync: "OutOfSync", phase: "Failed", message }))[0],
      "waits for ClusterIssuer (cert-manager.io/v1): nothing has brought the kind into the cluster yet",
    );
  });

  it("is a table with short commits and the first reason", () => {
    assert.equal(
      componentTable(componentStatuses([bootstrap(), broken])),
      [
        "NAME       SYNC       HEALTH    COMMIT   MESSAGE",
        "bootstrap  Synced     Healthy   0123456",
        "orders     OutOfSync  Degraded  0123456  SyncError: Failed last sync attempt",
        "",
      ].join("\n"),
    );
  });

  it("shows the commit of an Application with a chart from elsewhere", () => {
    assert.equal(componentStatuses([application("x", { revisions: ["1.2.3", commit] })])[0]!.revision, commit);
    assert.equal(componentStatuses([application("x", { revisions: [] })])[0]!.revision, "");
  });

  it("keeps a message on one line of bounded length", () => {
    assert.equal(oneLine(" a\n  b\tc "), "a b c");
    assert.equal(oneLine("x".repeat(101)), `${"x".repeat(97)}...`);
  });
});
