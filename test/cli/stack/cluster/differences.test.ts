import assert from "node:assert/strict";
import { differences } from "../../../../cli/stack/cluster/differences";
import type { ClusterObject } from "../../../../cli/stack/cluster/objects";

function object(more: Record<string, unknown>, metadata: Record<string, unknown> = {}): ClusterObject {
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", ...metadata }, ...more };
}

describe("what differs between an object and itself as it is applied", () => {
  it("is each field with both sides, and a side that has none is left out", () => {
    const live = object({ spec: { replicas: 7, paused: true, selector: { a: "b" } } });
    const wanted = object({ spec: { replicas: 1, minReadySeconds: 3, selector: { a: "b" } } });
    assert.deepEqual(differences(live, wanted), [
      { path: "spec.minReadySeconds", wanted: 3 },
      { path: "spec.paused", live: true },
      { path: "spec.replicas", live: 7, wanted: 1 },
    ]);
  });

  it("is not what the API server writes, nor the marks of the tools", () => {
    const own = (round: string) => ({
      ...{ uid: round, resourceVersion: round, generation: Number(round), managedFields: [round] },
      annotations: { "argocd.argoproj.io/tracking-id": round, "pulumi.com/patchForce": round, note: "same" },
    });
    assert.deepEqual(differences(object({ status: { a: 1 } }, own("1")), object({ status: { a: 2 } }, own("2"))), []);
    const marked = object({}, { annotations: { "pulumi.com/patchForce": "true" } });
    assert.deepEqual(differences(object({}), marked), []);
  });

  it("finds items of a list by name, and others by place", () => {
    const containers = (image: string, args: string[]) => ({ spec: { containers: [{ name: "web", image, args }] } });
    assert.deepEqual(differences(object(containers("b", ["x", "z"])), object(containers("a", ["x", "y"]))), [
      { path: "spec.containers[web].args[1]", live: "z", wanted: "y" },
      { path: "spec.containers[web].image", live: "b", wanted: "a" },
    ]);
    assert.deepEqual(differences(object(containers("a", ["x"])), object(containers("a", ["x", "y"]))), [
      { path: "spec.containers[web].args", live: ["x"], wanted: ["x", "y"] },
    ]);
    const one = object({ spec: { containers: [{ name: "web" }] } });
    const two = object({ spec: { containers: [{ name: "web" }, { name: "side" }] } });
    assert.deepEqual(differences(one, two), [{ path: "spec.containers[side]", wanted: { name: "side" } }]);
  });

  it("has keys with dots in brackets, as plan writes them", () => {
    const labelled = (value: string) => object({}, { labels: { "app.kubernetes.io/name": value } });
    assert.deepEqual(differences(labelled("a"), labelled("b")), [
      { path: 'metadata.labels["app.kubernetes.io/name"]', live: "a", wanted: "b" },
    ]);
  });
});
