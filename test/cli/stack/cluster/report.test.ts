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
