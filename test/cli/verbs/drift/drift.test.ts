import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { appliedObjects, driftIn } from "../../../../cli/verbs/drift/stack";
import { compareObjects, type WantedObject } from "../../../../cli/verbs/drift/compare";
import type { ClusterObject, ObjectReader } from "../../../../cli/stack/cluster/objects";
import { urn } from "../../support/fake-pulumi";

const sealed = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

describe("what Pulumi wrote into a cluster", () => {
  it("is every single object of the state, with its secrets", () => {
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace: "n" } };
    const resource = (type: string, inputs: object) => ({ urn: urn("dev", type, "x"), type, inputs });
    const exported = JSON.stringify({
      deployment: {
        resources: [
          resource("kubernetes:core/v1:Secret", { ...secret, stringData: sealed({ key: "value" }) }),
          resource("kubernetes:helm.sh/v3:Release", { name: "argocd" }),
          resource("pulumi:providers:kubernetes", { kubeconfig: sealed("x") }),
        ],
      },
    });
    assert.deepEqual(appliedObjects(exported), [
      { object: { ...secret, stringData: { key: "value" } }, manager: "onebranch", by: "stack" },
    ]);
  });
});

describe("what a refresh finds outside the cluster", () => {
  function event(op: string, type: string, inputs: object, outputs: object): EngineEvent {
    const metadata = { op, type, urn: urn("dev", type, "vpc"), old: { inputs }, new: { outputs } };
    return { sequence: 0, timestamp: 0, resOutputsEvent: { metadata } } as unknown as EngineEvent;
  }
  const type = "aws:ec2/vpc:Vpc";

  it("is each input with another value; what the provider adds or never gives back is not", () => {
    const inputs = { cidrBlock: "10.0.0.0/16", tags: { a: "1", b: "2" }, token: "t", __defaults: [] };
    const outputs = { cidrBlock: "10.0.0.0/16", tags: { a: "1", b: "by hand", c: "3" }, arn: "arn" };
    assert.deepEqual(driftIn(event("update", type, inputs, outputs)), {
      ...{ by: "stack", kind: "Vpc", name: "vpc", outside: true, change: "changed" },
      fields: [{ path: "tags.b", live: "by hand", wanted: "2" }],
    });
    assert.equal(driftIn(event("refresh", type, { a: 1 }, { a: 1, b: 2 })), undefined);
  });

  it("is a value that came into a list or went, and not the order in which a provider gives it back", () => {
    const fields = (wanted: unknown, live: unknown) =>
      driftIn(event("refresh", type, { a: { list: wanted } }, { a: { list: live } }))?.fields;
    assert.equal(fields(["b", "a", "a"], ["a", "b", "a"]), undefined);
    assert.equal(fields([10, 9, true], [9, true, 10]), undefined);
    for (const live of [["a"], ["a", "c"], ["a", "b", "b"], ["b"]]) {
      assert.deepEqual(fields(["b", "a"], live), [{ path: "a.list", live, wanted: ["b", "a"] }]);
    }
  });

  it("is looked for in each block of a list, to which a provider adds too", () => {
    const fields = (wanted: unknown[], live: unknown[]) =>
      driftIn(event("refresh", type, { disks: wanted }, { disks: live }))?.fields;
    const disk = (size: number, more = {}) => ({ name: "/dev/xvda", zones: ["b", "a"], ebs: { size, ...more } });
    assert.equal(fields([disk(50)], [{ ...disk(50, { iops: 0 }), zones: ["a", "b"] }]), undefined);
    assert.deepEqual(fields([disk(50)], [disk(20)]), [{ path: "disks[0].ebs.size", live: 20, wanted: 50 }]);
    assert.deepEqual(fields([disk(50)], []), [{ path: "disks", live: [], wanted: [disk(50)] }]);
  });

  it("is a resource that is gone, and not one inside the cluster, which is compared there", () => {
    assert.equal(driftIn(event("delete", type, {}, {}))?.change, "missing");
    assert.equal(driftIn(event("delete", "kubernetes:core/v1:Secret", {}, {})), undefined);
    assert.equal(driftIn({ sequence: 0, timestamp: 0 } as EngineEvent), undefined);
  });
});

describe("the comparison of objects with a cluster", () => {
  const object = (name: string, more: object = {}): ClusterObject => {
    return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "n" }, ...more };
  };
  const wanted = (one: ClusterObject): WantedObject => ({ object: one, manager: "m", by: "stack" });

  it("applies the mark of Argo CD too, since policies add to what has one", async () => {
    const marked = { annotations: { "argocd.argoproj.io/tracking-id": "shop:/Secret:n/same" } };
    const live = object("same");
    const applied: ClusterObject[] = [];
    const reader: ObjectReader = {
      live: async () => ({ ...live, metadata: { ...live.metadata, ...marked } }),
      applied: async (one) => (applied.push(one), one),
    };
    assert.deepEqual((await compareObjects(reader, [wanted(live)])).drifts, []);
    assert.deepEqual(applied[0]?.metadata.annotations, marked.annotations);
  });

  it("says what is missing, what differs without its secrets, and what cannot be compared; one does not stop another", async () => {
    const reader: ObjectReader = {
      live: async ({ metadata }) => {
        if (metadata.name === "broken") throw new Error("no answer");
        return metadata.name === "gone" ? undefined : object(metadata.name, { data: { key: "bGl2ZQ==" } });
      },
      applied: async (one) => one,
    };
    const same = object("same", { data: { key: "bGl2ZQ==" } });
    const other = object("other", { data: { key: "d2FudGVk" } });
    const found = await compareObjects(reader, [object("broken"), object("gone"), same, other].map(wanted));
    const what = { by: "stack", kind: "Secret", namespace: "n" };
    assert.deepEqual(found, {
      drifts: [
        { ...what, name: "gone", change: "missing", fields: [] },
        {
          ...what,
          name: "other",
          change: "changed",
          fields: [{ path: "data.key", live: "(masked)", wanted: "(masked)" }],
        },
      ],
      notCompared: [{ what: "Secret n/broken", why: "no answer" }],
    });
  });
});
