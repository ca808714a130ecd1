import assert from "node:assert/strict";
import { ringDangers, ringReach } from "../../../../cli/verbs/plan/dangers/rings";
import type { ApplicationChange } from "../../../../cli/tree/renderer";
import { dangerIds } from "../../../../model/rules";
import { changedInPlace } from "./support/changed-in-place";
import { added, changed, found, gone, policy, type DangerCase } from "./support/dangers";

const role = (apiGroups: string[], resources: string[], verbs: string[]) => ({
  rules: [{ apiGroups, resources, verbs }],
});

/** The dangers of a change in some of the clusters of two rings, of which some existed before. */
function inRings(clusters: string[], existing: string[], more: Partial<ApplicationChange> = {}): string[] {
  const all = ["canary", "rest", "early"].map((ring, i) => ({ name: "abc"[i]!, stage: "prod", ring, region: "eu" }));
  const change = {
    application: "orders",
    change: "change" as const,
    clusters,
    resources: [],
    readings: [],
    renders: 1,
  };
  const reach = ringReach([{ ...change, ...more }], all, new Set(existing), new Map());
  return ringDangers("orders", clusters, all, reach).map(({ id, say }) => `${id}: ${say("")}`);
}

describe("dangers of a plan", () => {
  const cases: DangerCase[] = [
    ["nothing for a plain change", found([changed("ConfigMap", [{ path: "data.a", from: "1", to: "2" }])]), []],
    [
      "what the cluster's policy does not let Argo CD write",
      found([changed("AppProject", [{ path: "spec.sourceRepos", from: [], to: ["*"] }])], {
        refusals: { after0: "no" },
      }),
      ["boundary-crossed: AppProject orders/orders is refused: no"],
    ],
    ["a pruned resource", found([gone("Service")]), ["prune: Argo CD deletes Service orders/orders"]],
    [
      "the worse kinds by their own names, worst first",
      found([gone("Service"), gone("Namespace"), gone("StatefulSet"), gone("PersistentVolumeClaim")]),
      [
        "volume-removed: PersistentVolumeClaim orders/orders is pruned: its data may be lost",
        "namespace-removed: Namespace orders/orders is pruned: everything in it is deleted too",
        "stateful-set-removed: StatefulSet orders/orders is pruned: its pods stop, its claims stay unless it says otherwise",
        "prune: Argo CD deletes Service orders/orders",
      ],
    ],
    [
      "what stays behind because it is not pruned",
      found([gone("Service", { "argocd.argoproj.io/sync-options": "Delete=false, Prune=false" })]),
      ["left-behind: Service orders/orders stays in the cluster and nothing manages it any more"],
    ],
    [
      "a definition as what stays, since Argo CD does not miss it",
      found([gone("CustomResourceDefinition")]),
      ["left-behind: CustomResourceDefinition orders/orders stays in the cluster and nothing manages it any more"],
    ],
    [
      "what waits for a confirmation",
      found([gone("Service", { "argocd.argoproj.io/sync-options": "Prune=confirm" })]),
      [
        "prune: Argo CD deletes Service orders/orders",
        "confirmation-needed: the sync waits until somebody confirms it, because Service orders/orders has the sync option Prune=confirm",
      ],
    ],
    [
      "what stays behind because nothing is pruned",
      found([gone("Service")], { policies: [{ ...policy, prunes: false }] }),
      ["left-behind: Service orders/orders stays in the cluster and nothing manages it any more"],
    ],
    [
      "a hook that goes away as what its last run left",
      found([gone("Job", { "helm.sh/hook": "pre-upgrade" })]),
      ["left-behind: Job orders/orders stays in the cluster and nothing manages it any more"],
    ],
    ["no hook that leaves nothing", found([gone("Job", { "helm.sh/hook": "test" })]), []],
    [
      "workloads and limits by their own names",
      found([gone("Deployment"), gone("Rollout"), gone("ResourceQuota"), gone("LimitRange"), gone("ConfigMap")]),
      [
        "workload-removed: Deployment orders/orders and Rollout orders/orders are pruned: its pods stop",
        "limits-removed: ResourceQuota orders/orders and LimitRange orders/orders are pruned: nothing limits its namespace any more",
        "prune: Argo CD deletes ConfigMap orders/orders",
      ],
    ],
    [
      "what holds data as what waits, where the cluster asks, and what has options of its own as what does not",
      found([gone("PersistentVolumeClaim"), gone("StatefulSet", { "argocd.argoproj.io/sync-options": "Prune=true" })], {
        policies: [{ ...policy, asks: true }],
      }),
      [
        "volume-removed: PersistentVolumeClaim orders/orders is pruned: its data may be lost",
        "stateful-set-removed: StatefulSet orders/orders is pruned: its pods stop, its claims stay unless it says otherwise",
        "confirmation-needed: the sync waits until somebody confirms it, because PersistentVolumeClaim orders/orders has the sync option Prune=confirm",
      ],
    ],
    [
      "an Application that makes nothing any more as one that is not synced",
      found([gone("Service")], { emptied: true }),
      ["application-emptied: orders makes nothing any more: Argo CD does not sync it, and leaves 1 resource as before"],
    ],
    [
      "the same where it may be emptied",
      found([gone("Service")], { emptied: true, policies: [{ ...policy, allowsEmpty: true }] }),
      ["prune: Argo CD deletes Service orders/orders"],
    ],
    [
      "a stage whose file is gone, once for each cluster",
      [
        ...found([], { application: "bootstrap", policies: [{ ...policy, lostStage: "prod" }] }),
        ...found([], { policies: [{ ...policy, lostStage: "prod" }] }),
      ],
      [
        "stage-removed: gitops/stages/prod.yaml is gone: Argo CD belongs to prod until the next up, and leaves everything as it is",
      ],
    ],
    [
      "an Application that stays as it is, because its files are gone",
      found([gone("Service")], {
        change: "remove",
        policies: [{ ...policy, removal: "kept", missing: "gitops/apps/orders/stages/prod/pin.yaml" }],
      }),
      [
        "application-kept: orders is no longer made but stays as it is (it does not render without gitops/apps/orders/stages/prod/pin.yaml), because applicationsSync is undefined; delete it by hand when it should go",
      ],
    ],
    [
      "an Application that goes with its resources",
      found([gone("Service"), gone("PersistentVolumeClaim")], { change: "remove" }),
      [
        "volume-removed: PersistentVolumeClaim orders/orders is deleted with the Application: its data may be lost",
        "application-removed: Application orders is deleted with its 2 resources",
      ],
    ],
    [
      "an Application whose resources stay, and one that stays itself, by cluster",
      found([gone("Service")], {
        change: "remove",
        clusters: ["dev", "prod", "old"],
        policies: [
          { ...policy, removal: "without-resources" },
          {
            ...policy,
            clusters: ["prod"],
            removal: "kept",
            set: {
              cluster: "prod",
              name: "components",
              applicationsSync: "create-update",
              preserveResourcesOnDeletion: true,
              applications: 1,
            },
          },
          { ...policy, clusters: ["old"], removal: "cluster-removed" },
        ],
      }),
      [
        "application-removed: Application orders is deleted in dev and what it deployed stays unmanaged, because it has no finalizer of Argo CD (preserveResourcesOnDeletion)",
        "cluster-removed: the files of old are gone: Argo CD there leaves orders as it is; destroy the stack before removing its files",
        "application-kept: orders is no longer made but stays in prod and syncs what is left of its files, because applicationsSync of ApplicationSet components is create-update; delete it by hand when it should go",
      ],
    ],
    ...changedInPlace,
    [
      "new verbs and resources",
      found([changed("Role", [], role([""], ["pods"], ["get"]), role([""], ["pods", "secrets"], ["get", "list"]))]),
      ["rbac-wider: Role orders/orders newly allows get secrets, list pods and list secrets"],
    ],
    [
      "nothing when a role shrinks",
      found([changed("Role", [], role(["*"], ["*"], ["*"]), role([""], ["pods"], ["get"]))]),
      [],
    ],
    [
      "a wildcard",
      found([changed("ClusterRole", [], role([""], ["pods"], ["get"]), role([""], ["pods"], ["*"]))]),
      ["rbac-wildcard: ClusterRole orders/orders newly allows * pods"],
    ],
    [
      "verbs that lead to other rights",
      found([changed("ClusterRole", [], {}, role(["rbac.authorization.k8s.io"], ["clusterroles"], ["bind"]))]),
      ["rbac-escalation: ClusterRole orders/orders newly allows bind clusterroles.rbac.authorization.k8s.io"],
    ],
    [
      "a new subject, of cluster-admin too",
      found(
        ["reader", "cluster-admin"].map((name) =>
          changed(
            "ClusterRoleBinding",
            [],
            { roleRef: { kind: "ClusterRole", name }, subjects: [{ kind: "Group", name: "a" }] },
            {
              roleRef: { kind: "ClusterRole", name },
              subjects: [
                { kind: "Group", name: "a" },
                { kind: "ServiceAccount", namespace: "n", name: "b" },
              ],
            },
          ),
        ),
      ),
      [
        "rbac-cluster-admin: ClusterRoleBinding orders/orders gives ClusterRole cluster-admin to ServiceAccount n/b",
        "rbac-wider: ClusterRoleBinding orders/orders gives ClusterRole reader to ServiceAccount n/b",
      ],
    ],
    [
      "the rights of a new component once",
      found(
        [
          added("ClusterRole", "reader", { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }] }),
          added("ClusterRole", "keeper", { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["*"] }] }),
          added("ClusterRoleBinding", "keeper", {
            roleRef: { kind: "ClusterRole", name: "cluster-admin" },
            subjects: [{ kind: "Group", name: "a" }],
          }),
        ],
        { change: "add" },
      ),
      [
        "rbac-cluster-admin: orders is new and brings cluster-admin by ClusterRoleBinding keeper, " +
          "everything (*) of some kind by ClusterRole keeper and other rights by ClusterRole reader",
      ],
    ],
    [
      "another namespace, team, pruning and finalizers of the Application",
      found([], {
        spec: [
          { path: "spec.project", from: "commerce", to: "storefront" },
          { path: "spec.destination.namespace", from: "a", to: "b" },
          { path: "spec.syncPolicy.automated.prune", from: false, to: true },
          { path: "metadata.finalizers[0]", from: "x" },
        ],
      }),
      [
        "namespace-moved: orders moves from namespace a to b: everything is created again there",
        "prune-enabled: Argo CD starts to prune orders",
        "team-changed: app orders goes from team commerce to team storefront: it may do there what that team may",
        "finalizer-changed: Application orders changes its finalizers, which decide what is deleted with it",
      ],
    ],
    [
      "no team where the pin has a fault, which stands in the place of the project",
      found([], { spec: [{ path: "spec.project", from: "commerce", to: "(pin.yaml: component is missing)" }] }),
      [],
    ],
    [
      "what Argo CD stops looking at, and not what it looks at again",
      found([], {
        spec: [
          {
            path: "spec.ignoreDifferences",
            from: [{ kind: "A", jsonPointers: ["/a/b"] }],
            to: [{ kind: "B", name: "b", jsonPointers: ["/c/d"] }],
          },
        ],
      }),
      ["drift-ignored: Argo CD no longer compares or writes /c/d of B b in orders"],
    ],
    [
      "an ApplicationSet that may delete from now on",
      found([
        changed("ApplicationSet", [
          { path: "spec.syncPolicy.applicationsSync", from: "create-update", to: "sync" },
          { path: "spec.syncPolicy.preserveResourcesOnDeletion", from: true },
        ]),
      ]),
      [
        "deletion-allowed: ApplicationSet orders/orders may now delete Applications (applicationsSync: create-update -> sync)",
        "deletion-allowed: ApplicationSet orders/orders may now delete resources together with their Application (preserveResourcesOnDeletion: true -> default)",
      ],
    ],
    [
      "a workload without pods",
      found([changed("Deployment", [{ path: "spec.replicas", from: 2, to: 0 }])]),
      ["replicas-zero: Deployment orders/orders is scaled to zero"],
    ],
  ];
  cases.push([
    "what several rings of a stage get at once, except clusters that are new",
    inRings(["a", "b", "c"], ["a", "b"]),
    [
      "crosses-rings: the rings canary and rest of prod get this at once; what is written into stages/prod/rings/canary goes ring by ring",
    ],
  ]);
  it("say nothing of a change in one ring, or one that only moves value files", () => {
    assert.deepEqual(inRings(["a"], ["a", "b", "c"]), []);
    const spec = [{ path: "sources[1].helm.valueFiles[1]", from: "a", to: "b" }];
    assert.deepEqual(inRings(["a", "b"], ["a", "b", "c"], { spec }), []);
  });

  for (const [title, actual, expected] of cases) it(`name ${title}`, () => assert.deepEqual(actual, expected));

  it("each have a case here", () => {
    const seen = new Set(cases.flatMap(([, , expected]) => expected.map((line) => line.split(":")[0])));
    assert.deepEqual([...seen].sort(), [...dangerIds].sort());
  });
});
