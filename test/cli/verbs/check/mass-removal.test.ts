import assert from "node:assert/strict";
import { massRemoval } from "../../../../cli/verbs/check/rules/mass-removal";
import type { ApplicationChange, ExpandedSet } from "../../../../cli/tree/renderer";
import { expanded, found } from "./support/answers";
describe("mass-removal", () => {
  const gone = (application: string, more: Partial<ApplicationChange> = {}): ApplicationChange => ({
    ...{
      application,
      change: "remove",
      clusters: ["prod-eu", "staging"],
      resources: [],
      readings: [],
      renders: 1,
      ...more,
    },
  });
  const set = (applicationsSync: string, preserveResourcesOnDeletion = false): ExpandedSet => ({
    ...{ cluster: "prod-eu", parent: "bootstrap", name: "components", applications: 0 },
    ...{ applicationsSync, preserveResourcesOnDeletion },
  });
  const two = [gone("a"), gone("b")];
  const line = (effect: string) =>
    `gitops/clusters/prod-eu/cluster.yaml:1: this takes 2 Applications from prod-eu: a and b; ${effect}; ` +
    "remove 1 at a time, or allow it with --max-removals 2 [mass-removal]";
  const cases: [string, ExpandedSet[], string][] = [
    ["are deleted by a set that may", [set("sync")], "they are deleted with everything they made"],
    ["are deleted without what they made", [set("sync", true)], "they are deleted, and what they made stays"],
    ["stay where no set deletes", [set("create-update", true)], "they stay there, but nothing updates them any more"],
    ["are deleted with their set", [], "they are deleted with everything they made"],
  ];

  for (const [title, sets, effect] of cases) {
    it(`says whether Applications ${title}`, async () => {
      assert.deepEqual(await found(massRemoval, { changes: { changes: two, sets } }), [line(effect)]);
    });
  }

  it("counts the objects that Argo CD prunes from Applications that stay", async () => {
    const loses = (application: string, kinds: readonly string[], more: object = {}) => {
      const resources = kinds.map((kind) => ({ apiVersion: "v1", kind, name: application, change: "remove" as const }));
      return gone(application, { change: "change", resources, ...more });
    };
    const made = (application: string) => {
      const { application: object, ...rest } = expanded(application, "components");
      const spec = { ...object.spec, syncPolicy: { automated: { prune: true } } };
      return { ...rest, cluster: "prod-eu", application: { ...object, spec } };
    };
    const lost = (...changes: ReturnType<typeof gone>[]) =>
      found(massRemoval, { changes: { changes, sets: [set("sync")] }, applications: [made("a"), made("b")] });
    const three = ["ConfigMap", "ResourceQuota", "Service"];
    assert.deepEqual(await lost(loses("a", three)), []);
    assert.deepEqual(await lost(loses("a", three), loses("b", ["Secret"])), [
      "gitops/addons/a/stages/dev/pin.yaml:1: Argo CD deletes 4 objects of Applications that stay in prod-eu: " +
        "ConfigMap a, ResourceQuota a, Secret b and Service a; " +
        "remove 3 at a time, or allow it with --max-object-removals 4 [mass-removal]",
    ]);
    assert.deepEqual(await lost(loses("a", [...three, "Secret"], { emptied: true })), [], "Argo CD does not sync it");
  });

  describe("where one Application goes", () => {
    const kinds = ["ConfigMap", "CustomResourceDefinition", "Deployment", "Secret", "Service"];
    const resources = kinds.map((kind) => {
      const apiVersion = kind === "CustomResourceDefinition" ? "apiextensions.k8s.io/v1" : "v1";
      return { apiVersion, kind, name: "a", change: "remove" as const };
    });
    const lost = (policy: string, finalizers: string[], syncOptions: string[] = []) => {
      const { application: object, ...rest } = expanded("a", "components");
      const metadata = { ...object.metadata, finalizers };
      const spec = { ...object.spec, syncPolicy: { syncOptions } };
      const before = [{ ...rest, cluster: "prod-eu", application: { ...object, metadata, spec } }];
      const changes = [gone("a", { resources })];
      return found(massRemoval, { before, changes: { changes, sets: [set(policy)] } });
    };
    const finalizer = ["resources-finalizer.argocd.argoproj.io"];

    it("counts the objects that go with it", async () => {
      assert.deepEqual(await lost("sync", finalizer), [
        "gitops/clusters/prod-eu/cluster.yaml:1: Argo CD deletes 4 objects of Applications that go from prod-eu: " +
          "ConfigMap a, Deployment a, Secret a and Service a; " +
          "remove 3 at a time, or allow it with --max-object-removals 4 [mass-removal]",
      ]);
    });

    it("counts none where it stays, where they stay, and where somebody is asked", async () => {
      assert.deepEqual(await lost("create-update", finalizer), []);
      assert.deepEqual(await lost("sync", []), []);
      assert.deepEqual(await lost("sync", finalizer, ["Delete=false"]), []);
      assert.deepEqual(await lost("sync", finalizer, ["Delete=confirm"]), []);
    });
  });

  it("lets as many pass as allowed", async () => {
    assert.deepEqual(await found(massRemoval, { changes: { changes: [gone("a")], sets: [set("sync")] } }), []);
  });
});
