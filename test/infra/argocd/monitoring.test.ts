import assert from "node:assert/strict";
import { servesMonitors } from "../../../infra/argocd/monitoring-resource";
import { PaperCluster } from "../support/paper-cluster";

describe("whether a cluster can have ServiceMonitors", () => {
  it("is seen by what its API server serves", async () => {
    const paper = new PaperCluster();
    assert.equal(await servesMonitors(paper), false);
    paper.add("/apis/monitoring.coreos.com/v1");
    assert.equal(await servesMonitors(paper), true);
    assert.deepEqual(paper.changes, []);
  });
});
