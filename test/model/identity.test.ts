import assert from "node:assert/strict";
import { clusterFile, clusterOfFile, statedIdentity } from "../../model/identity";

describe("cluster.yaml", () => {
  it("is found by the name of its cluster, and tells that name", () => {
    assert.equal(clusterOfFile(clusterFile("prod-2")), "prod-2");
    for (const path of ["gitops/clusters/prod-2/exceptions.yaml", "gitops/clusters/a/b/cluster.yaml"])
      assert.equal(clusterOfFile(path), undefined);
  });

  it("states its facts in their own form, whether or not they are allowed", () => {
    const file = { name: "prod-2", stage: "none", kubernetesVersion: "1.20", capabilities: ["flying"] };
    assert.deepEqual(statedIdentity({ ...file, other: "a key that is not known" }), file);
  });

  it("states no fact of another form", () => {
    assert.deepEqual(statedIdentity({ name: "prod-2", ring: 1, region: null, capabilities: "base", compliance: {} }), {
      name: "prod-2",
    });
  });
});
