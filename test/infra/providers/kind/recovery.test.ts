import assert from "node:assert/strict";
import type { Docker, KindNode } from "../../../../infra/providers/kind/docker";
import {
  inspectKind,
  refuseKind,
  type KindEvidence,
  type KindFinding,
} from "../../../../infra/providers/kind/recovery";
import type { StateResource } from "../../../../model/deployment";

const evidence: KindEvidence = { stack: "dev", clusterName: "onebranch-dev", root: "/checkout" };

const ours: KindNode = {
  id: "aa",
  name: "onebranch-dev-control-plane",
  running: true,
  mounts: [{ source: "/checkout", destination: "/repo" }],
};

const recorded: StateResource[] = [
  { type: "kind:index/cluster:Cluster", urn: "urn:cluster", inputs: { name: "onebranch-dev" } },
];

function dockerWith(nodes: KindNode[]): Docker {
  return {
    problem: () => Promise.resolve(undefined),
    nodes: () => Promise.resolve(nodes),
    remove: () => assert.fail("looking must not remove anything"),
  };
}

function inspect(nodes: KindNode[], state: StateResource[] | undefined, more: Partial<KindEvidence> = {}) {
  return inspectKind({ ...evidence, ...more }, dockerWith(nodes), () => Promise.resolve(state));
}

describe("inspectKind", () => {
  it("finds nothing where there is nothing, without asking for the state", async () => {
    const finding = await inspectKind(evidence, dockerWith([]), () => assert.fail("asked"));
    assert.deepEqual(finding, { verdict: "sound" });
  });

  it("finds a cluster sound that Pulumi knows", async () => {
    assert.deepEqual(await inspect([ours], recorded), { verdict: "sound", nodeId: "aa" });
  });

  it("does not ask for the state again for a node that was found in it", async () => {
    const finding = await inspectKind({ ...evidence, knownNode: "aa" }, dockerWith([ours]), () => assert.fail("asked"));
    assert.deepEqual(finding, { verdict: "sound", nodeId: "aa" });
  });

  it("finds a leftover in containers of this checkout that Pulumi does not know", async () => {
    assert.deepEqual(await inspect([ours], []), { verdict: "leftover", nodes: [ours] });
  });

  it("finds a leftover when the state knows only the cluster of another name", async () => {
    const other = [{ type: "kind:index/cluster:Cluster", urn: "urn:cluster", inputs: { name: "onebranch-x" } }];
    assert.deepEqual(await inspect([ours], other), { verdict: "leftover", nodes: [ours] });
  });

  it("never takes containers for its own that do not mount this checkout", async () => {
    const foreign = { ...ours, mounts: [{ source: "/other", destination: "/repo" }] };
    assert.deepEqual(await inspect([foreign], []), { verdict: "foreign", nodes: [foreign] });
    assert.deepEqual(await inspect([{ ...ours, mounts: [] }], []), {
      verdict: "foreign",
      nodes: [{ ...ours, mounts: [] }],
    });
  });

  it("does nothing when the state cannot be read", async () => {
    assert.deepEqual(await inspect([ours], undefined), { verdict: "sound" });
  });

  it("notices that the containers of a known cluster are gone", async () => {
    assert.deepEqual(await inspect([], recorded, { knownNode: "aa" }), { verdict: "gone" });
  });

  it("finds nothing wrong after a destroy that was killed before it removed its notes", async () => {
    assert.deepEqual(await inspect([], [], { knownNode: "aa" }), { verdict: "sound" });
  });
});

describe("refuseKind", () => {
  const message = (finding: KindFinding) => refuseKind(finding, evidence)?.message;

  it("lets an up go on that can", () => {
    assert.equal(message({ verdict: "sound" }), undefined);
    assert.equal(message({ verdict: "leftover", nodes: [ours] }), undefined);
    assert.equal(message({ verdict: "gone" }), undefined);
  });

  it("says whose containers are in the way", () => {
    assert.equal(
      message({ verdict: "foreign", nodes: [ours] }),
      "the containers onebranch-dev-control-plane form a kind cluster onebranch-dev that this checkout did not make; delete it where it was made, or with `kind delete cluster --name onebranch-dev`, or name the stack differently",
    );
  });
});
