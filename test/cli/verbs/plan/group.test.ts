import assert from "node:assert/strict";
import type { ApplicationChange, FieldChange, KubernetesObject, ResourceChange } from "../../../../cli/tree/renderer";
import { variantOf } from "../../../../cli/verbs/plan/entries";
import { groupVariants, type OwnWords } from "../../../../cli/verbs/plan/group";
import { byRefusal } from "../../../../cli/verbs/plan/refusals";
import { variationsOf } from "../../../../cli/verbs/plan/variations";

const words: Record<string, OwnWords> = {
  "dev-1": { name: "dev-1", stage: "dev", region: "eu-west-1", domain: "dev-1.example.com" },
  "prod-1": { name: "prod-1", stage: "prod", region: "us-east-1", domain: "prod-1.example.com" },
  "prod-2": { name: "prod-2", stage: "prod", region: "us-east-1", domain: "prod-2.example.com" },
};

const documents = new Map<string, KubernetesObject>();

function change(
  clusters: string[],
  resources: Partial<ResourceChange>[],
  kind: ApplicationChange["change"] = "change",
) {
  const full = resources.map((more) => ({ apiVersion: "v1", kind: "ConfigMap", name: "a", change: kind, ...more }));
  return { application: "orders", change: kind, clusters, resources: full, readings: [], renders: 1 };
}

const edit = (...fields: FieldChange[]) => [{ fields }];

/** The clusters of every group, and what varies in the first. */
function grouped(...changes: ApplicationChange[]) {
  const groups = groupVariants(
    changes.flatMap((one) => byRefusal(one, documents)).map((one) => variantOf(one, documents)),
    (cluster) => words[cluster]!,
  );
  return {
    clusters: groups.map(({ variants }) => variants.flatMap((variant) => variant.change.clusters)),
    resources: groups[0]!.resources,
    varies: variationsOf(groups[0]!),
  };
}

/** An added object, known by its id. */
function added(cluster: string, object: object, name = "a") {
  documents.set(cluster, { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, ...object });
  return change([cluster], [{ name, after: cluster }], "add");
}

describe("the grouping of changes", () => {
  it("takes for one what differs in the clusters' own names, and says so", () => {
    const host = (cluster: string) => ({
      path: "data.host",
      from: `a.${cluster}.example.com`,
      to: `b.${cluster}.example.com`,
    });
    const { clusters, varies } = grouped(
      change(["dev-1"], edit(host("dev-1"))),
      change(["prod-1"], edit(host("prod-1"))),
      change(["prod-2"], edit(host("prod-2"))),
    );
    assert.deepEqual(clusters, [["dev-1", "prod-1", "prod-2"]]);
    assert.deepEqual(varies, [
      {
        resource: 0,
        path: "data.host",
        values: ["dev-1", "prod-1", "prod-2"].map((cluster) => ({
          from: `a.${cluster}.example.com`,
          to: `b.${cluster}.example.com`,
          clusters: [cluster],
        })),
      },
    ]);
  });

  it("takes for one what differs in the lines around a changed line", () => {
    const text = (region: string, level: string) => `place: ${region}\nlevel: ${level}\nzone: ${region}9\n`;
    const { clusters, varies } = grouped(
      change(["dev-1"], edit({ path: "data.file", from: text("north", "info"), to: text("north", "warn") })),
      change(["prod-1"], edit({ path: "data.file", from: text("south", "info"), to: text("south", "warn") })),
    );
    assert.deepEqual(clusters, [["dev-1", "prod-1"]]);
    assert.equal(varies.length, 1);
  });

  it("takes for one what differs in digests, and has nothing to say about it", () => {
    const sum = (digit: string) => ({ path: "metadata.annotations.sum", from: digit.repeat(64), to: "e".repeat(64) });
    const { clusters, varies } = grouped(change(["dev-1"], edit(sum("a"))), change(["prod-1"], edit(sum("b"))));
    assert.deepEqual([clusters, varies], [[["dev-1", "prod-1"]], []]);
  });

  it("keeps apart other values, other fields, other resources and the digests of images", () => {
    const apart = (a: Partial<ResourceChange>[], b: Partial<ResourceChange>[]) =>
      assert.deepEqual(grouped(change(["dev-1"], a), change(["prod-1"], b)).clusters, [["dev-1"], ["prod-1"]]);
    const field = { path: "data.a", from: "1", to: "2" };
    apart(edit(field), edit({ ...field, to: "3" }));
    apart(edit(field), edit({ ...field, from: "0" }));
    apart(edit(field), edit({ ...field, path: "data.b" }));
    apart(edit(field), edit(field, { ...field, path: "data.b" }));
    apart([{ fields: [field] }], [{ fields: [field], name: "b" }]);
    const image = (digit: string) => ({ path: "image", from: "a", to: `a@sha256:${digit.repeat(64)}` });
    apart(edit(image("a")), edit(image("b")));
    // A part of a word is not the name of a cluster.
    apart(edit({ ...field, to: "developer" }), edit({ ...field, to: "productive" }));
  });

  it("counts something new once, whatever it is like, with every value and where it stands", () => {
    const { clusters, varies } = grouped(
      added("dev-1", { data: { level: "debug", same: "1", "a.b": ["x"] } }),
      added("prod-1", { data: { level: "info", same: "1", "a.b": ["x", "y"] } }),
      added("prod-2", { data: { level: "info", same: "1", "a.b": ["x", "y"], more: { deep: "1" } } }),
    );
    assert.deepEqual(clusters, [["dev-1", "prod-1", "prod-2"]]);
    assert.deepEqual(varies, [
      {
        resource: 0,
        path: "data.level",
        values: [
          { to: "debug", clusters: ["dev-1"] },
          { to: "info", clusters: ["prod-1", "prod-2"] },
        ],
      },
      {
        resource: 0,
        path: 'data["a.b"]',
        values: [
          { to: ["x"], clusters: ["dev-1"] },
          { to: ["x", "y"], clusters: ["prod-1", "prod-2"] },
        ],
      },
      {
        resource: 0,
        path: "data.more",
        values: [{ clusters: ["dev-1", "prod-1"] }, { to: { deep: "1" }, clusters: ["prod-2"] }],
      },
    ]);
  });

  it("does not say what varied in what is removed", () => {
    const removed = (cluster: string, level: string) => {
      documents.set(cluster, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { level } });
      return [{ name: "a", change: "remove" as const, before: cluster }];
    };
    for (const kind of ["remove", "change"] as const) {
      const { clusters, varies } = grouped(
        change(["dev-1"], removed("dev-1", "debug"), kind),
        change(["prod-1"], removed("prod-1", "info"), kind),
      );
      assert.deepEqual([clusters, varies], [[["dev-1", "prod-1"]], []]);
    }
  });

  it("takes an Application that is new or gone for one, whatever it is made of where", () => {
    const { clusters, resources } = grouped(added("dev-1", {}), added("prod-1", {}, "b"));
    assert.deepEqual(clusters, [["dev-1", "prod-1"]]);
    assert.deepEqual(resources, [
      [0, undefined],
      [undefined, 0],
    ]);
  });

  it("finds a resource again that is called after its cluster", () => {
    const { resources, varies } = grouped(added("dev-1", {}, "a-dev-1"), added("prod-1", {}, "a-prod-1"));
    assert.deepEqual(resources, [[0, 0]]);
    assert.deepEqual(
      varies.map(({ path }) => path),
      ["metadata.name"],
    );
  });

  it("shows what most clusters have", () => {
    const field = (stage: string) => edit({ path: "data.a", from: "x", to: stage });
    const { varies } = grouped(change(["dev-1"], field("dev")), change(["prod-1", "prod-2"], field("prod")));
    assert.deepEqual(varies[0]!.values[0], { from: "x", to: "prod", clusters: ["prod-1", "prod-2"] });
  });
});
