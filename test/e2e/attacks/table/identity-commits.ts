import type { CommitAttempt } from "../attempt";
import type { Tree } from "../tree";
import { byIdentity, byProject, bySet, configMap, emptyBinding, inDev, ownSet } from "./parts";

const prod = "apps/orders/stages/prod";
const reads = (name: string, file: string) => configMap(name, { stolen: `{{ .Files.Get "${file}" | quote }}` });
const stolen = (name: string) => [{ object: `ConfigMap orders/${name}`, field: "data.stolen", is: /^(?![^]*live)/ }];

/** Values of another stage, region or cluster, by commits of a team. */
const links: CommitAttempt[] = [
  {
    ...{ id: "1", who: "team", how: "commit" },
    title: "the values of dev are a link to those of prod",
    change: (tree) => tree.link("gitops/apps/orders/stages/dev/values.yaml", "../prod/values.yaml"),
    check: ["link-in-tree"],
    plan: ["changes orders in dev"],
    cluster: { stop: "render", at: "Application orders", shows: [payment("fake")] },
  },
  {
    ...{ id: "1a", who: "team", how: "commit" },
    title: "the values of dev are a link to those of another region",
    change: (tree) => tree.link("gitops/apps/guestbook/stages/dev/values.yaml", "../../regions/eu-west-1.yaml"),
    check: ["link-in-tree"],
    plan: ["changes guestbook in dev"],
  },
  {
    ...{ id: "1b", who: "team", how: "commit" },
    title: "the directory of dev is a link to that of prod",
    change: (tree) => tree.link("gitops/apps/orders/stages/dev", "prod"),
    check: ["link-in-tree"],
    plan: ["changes orders in dev"],
  },
  {
    ...{ id: "1c", who: "team", how: "commit" },
    title: "the values of dev are a link to the values of the cluster prod",
    change: (tree) =>
      tree.link("gitops/apps/orders/stages/dev/values.yaml", "../../../../clusters/prod/values/orders.yaml"),
    check: ["link-in-tree"],
    plan: ["changes orders in dev"],
  },
  {
    ...{ id: "1d", who: "team", how: "commit" },
    title: "the pin of dev is a link to that of prod",
    change: (tree) => tree.link("gitops/apps/orders/stages/dev/pin.yaml", "../prod/pin.yaml"),
    check: ["link-in-tree"],
    plan: ["changes orders in dev"],
  },
  {
    ...{ id: "2", who: "team", how: "commit" },
    title: "a chart reads the values of prod with .Files.Get and a link",
    change: (tree) =>
      tree
        .app("a2", { template: reads("a2", "stolen.yaml") })
        .link("gitops/charts/a2/1.0.0/stolen.yaml", `../../../${prod}/values.yaml`),
    check: ["link-in-tree"],
    plan: ["changes a2 in dev"],
    cluster: { stop: "render", shows: stolen("a2") },
  },
  {
    ...{ id: "2a", who: "team", how: "commit" },
    title: "a chart reads the values of prod through a linked directory",
    change: (tree) =>
      tree
        .app("a2a", { template: reads("a2a", "stages/prod/values.yaml") })
        .link("gitops/charts/a2a/1.0.0/stages", "../../../apps/orders/stages"),
    check: ["link-in-tree"],
    plan: ["changes a2a in dev"],
  },
  {
    ...{ id: "3", who: "team", how: "commit" },
    title: "the values.yaml of a chart is a link to the values of prod",
    change: (tree) =>
      tree
        .app("a3", { template: configMap("a3", { stolen: "{{ toYaml .Values | quote }}" }) })
        .link("gitops/charts/a3/1.0.0/values.yaml", `../../../${prod}/values.yaml`),
    check: ["link-in-tree"],
    plan: ["changes a3 in dev"],
    cluster: { stop: "render", at: "Application a3", shows: [{ object: "ConfigMap orders/a3", is: null }] },
  },
  {
    ...{ id: "4", who: "team", how: "commit" },
    title: "a chart depends on the directory of another stage (file://)",
    change: (tree) => {
      tree.app("a4", { template: reads("a4", "x") });
      tree.write(`gitops/${prod}/Chart.yaml`, { apiVersion: "v2", name: "prod", version: "1.0.0" });
      tree.write(`gitops/${prod}/templates/all.yaml`, configMap("a4-prod", { stolen: "{{ toYaml .Values | quote }}" }));
      dependsOn(tree, "a4", `file://../../../${prod}`);
    },
    check: ["local-dependency", "unexpected-file"],
    plan: ["changes a4 in dev"],
    said: "Argo CD builds a file:// dependency from the checkout; the cluster cannot see where it comes from",
  },
  {
    ...{ id: "4a", who: "team", how: "commit" },
    title: "a chart depends on a chart of the tree whose values are a link to prod's",
    change: (tree) => {
      tree.app("a4a", { template: reads("a4a", "x") });
      tree.chart("a4a-prod", "1.0.0", configMap("a4a-prod", { stolen: "{{ toYaml .Values | quote }}" }));
      tree.link("gitops/charts/a4a-prod/1.0.0/values.yaml", `../../../${prod}/values.yaml`);
      dependsOn(tree, "a4a", "file://../../a4a-prod/1.0.0");
    },
    check: ["link-in-tree"],
    plan: ["changes a4a in dev"],
  },
  {
    ...{ id: "5", who: "team", how: "commit" },
    title: "a pin climbs out of the charts with its chart",
    change: (tree) => tree.app("a5", { pin: { chart: "../apps/orders/stages", version: "prod" } }),
    check: ["bad-name", "wrong-value"],
    plan: ["refuses a5 in dev"],
    cluster: { stop: "identity policy", at: "ApplicationSet components", says: byIdentity },
  },
  {
    ...{ id: "5a", who: "team", how: "commit" },
    title: "a pin climbs out of the charts with its version",
    change: (tree) => tree.app("a5a", { pin: { chart: "web-service", version: "../../apps/orders/stages/prod" } }),
    check: ["wrong-value"],
    plan: ["refuses a5a in dev"],
    cluster: { stop: "identity policy", at: "ApplicationSet components", says: byIdentity },
  },
  {
    ...{ id: "6", who: "team", how: "commit" },
    title: "a subchart is a link to the directory of another stage",
    change: (tree) =>
      tree
        .app("a6", { template: configMap("a6", { plain: "yes" }) })
        .link("gitops/charts/a6/1.0.0/charts/po", `../../../../${prod}`),
    check: ["link-in-tree"],
    plan: ["refuses a6 in dev"],
  },
  {
    ...{ id: "7", who: "team", how: "commit" },
    title: "the values of prod are copied into a file of a new chart version",
    change: (tree) =>
      tree
        .chart("web-service", "1.2.0", reads("a7", "stages.yaml"))
        .write("gitops/charts/web-service/1.2.0/stages.yaml", { prod: { ORDERS_PAYMENT: "live" } }),
    check: ["values-in-chart"],
    plan: ["no change"],
  },
  {
    ...{ id: "7a", who: "team", how: "commit" },
    title: "the values of prod are typed into the file of dev",
    change: (tree) => tree.edit("gitops/apps/orders/stages/dev/values.yaml", "fake", "live"),
    check: [],
    plan: ["changes orders in dev"],
    said: "what somebody types into a file belongs to the stage of that file; the plan shows what it changes",
  },
];

function payment(is: string) {
  return { object: "ConfigMap orders/orders", field: "data.ORDERS_PAYMENT", is };
}

function dependsOn(tree: Tree, chart: string, repository: string): void {
  tree.write(`gitops/charts/${chart}/1.0.0/Chart.yaml`, {
    ...{ apiVersion: "v2", name: chart, version: "1.0.0" },
    dependencies: [{ name: repository.includes("prod/1.0.0") ? "a4a-prod" : "prod", version: "1.0.0", repository }],
  });
}

const files = (...valueFiles: string[]) => ({ source: { helm: { valueFiles } } });

/** The same by those who write gitops/bootstrap. */
const sets: CommitAttempt[] = [
  bySet("8", "that follows another branch", { source: { targetRevision: "evil" } }),
  bySet("8a", "that follows a tag", { source: { targetRevision: "v1" } }),
  bySet("8b", "that follows another repository", { source: { repoURL: "https://evil.example/tree.git" } }),
  bySet("8c", "whose values come from another branch", {
    source: undefined,
    spec: {
      source: undefined,
      sources: [
        { repoURL: "HERE", targetRevision: "main", path: "gitops/charts/a8c/1.0.0" },
        { repoURL: "HERE", targetRevision: "evil", ref: "values" },
      ],
    },
  }),
  bySet("9", "with a value file of prod", files("/gitops/apps/a9/stages/prod/values.yaml")),
  bySet("9a", "with a value file of another region", files("/gitops/apps/a9a/regions/eu-west-1.yaml")),
  bySet("9b", "with a value file of another cluster", files("/gitops/clusters/prod/values/a9b.yaml")),
  bySet("9c", "with a value file from an address", files("https://evil.example/values.yaml")),
  bySet("9d", "with inline values", { source: { helm: { values: "replicas: 7" } } }),
  bySet("9e", "with Helm parameters", { source: { helm: { parameters: [{ name: "replicas", value: "7" }] } } }),
  bySet("9f", "with the label of another stage", { labels: { "onebranch.dev/stage": "prod" } }),
  bySet("9g", "with the directory of another stage as its source", { source: { path: prod } }),
  {
    ...{
      id: "10",
      who: "platform",
      how: "commit",
      title: "bootstrap first switches the policy off, then names prod's value files",
    },
    change: [
      (tree) => openBootstrap(tree),
      (tree) => {
        inDev(tree, "a10-binding", emptyBinding);
        ownSet(tree, "a10", files("/gitops/apps/orders/stages/prod/values.yaml"));
      },
    ],
    check: ["refused-application"],
    plan: ["refuses a10 in dev"],
    cluster: {
      stop: "boundary policy",
      at: "Application bootstrap",
      shows: [{ object: "Application argocd/a10", is: null }],
    },
  },
];

/** A project `bootstrap` that allows everything. */
export function openBootstrap(tree: Tree): void {
  inDev(tree, "a10-project", {
    ...{ apiVersion: "argoproj.io/v1alpha1", kind: "AppProject", metadata: { name: "bootstrap", namespace: "argocd" } },
    spec: {
      ...{ sourceRepos: ["*"], destinations: [{ server: "*", namespace: "*" }] },
      clusterResourceWhitelist: [{ group: "*", kind: "*" }],
      namespaceResourceWhitelist: [{ group: "*", kind: "*" }],
    },
  });
}

/** Applications where none belong, and projects that are not one's own. */
const projects: CommitAttempt[] = [
  ...Object.entries({ "11": "Application", "11a": "ApplicationSet", "11b": "AppProject" }).map(
    ([id, kind]): CommitAttempt => ({
      ...{ id, who: "team", how: "commit", title: `the chart of a team makes an ${kind}` },
      change: (tree) =>
        tree.app(`a${id}`, {
          template: { apiVersion: "argoproj.io/v1alpha1", kind, metadata: { name: `a${id}` }, spec: {} },
        }),
      check: ["project-resource"],
      plan: [`changes a${id} in dev`],
      cluster: { stop: "project", at: `Application a${id}`, says: byProject },
    }),
  ),
  {
    ...{ id: "12", who: "platform", how: "commit", title: "the chart of an add-on makes an AppProject" },
    change: (tree) =>
      tree.addon("a12", {
        template: {
          apiVersion: "argoproj.io/v1alpha1",
          kind: "AppProject",
          metadata: { name: "a12", namespace: "argocd" },
        },
      }),
    check: ["project-resource"],
    plan: ["changes a12 in dev"],
    cluster: { stop: "project", at: "Application a12", says: byProject },
  },
  ...Object.entries({ "13": "bootstrap", "13a": "default" }).map(([id, team]): CommitAttempt => ({
    ...{ id, who: "team", how: "commit", title: `a pin names the team ${team}` },
    change: (tree) => tree.app(`a${id}`, { template: configMap(`a${id}`, {}), pin: { team } }),
    check: ["refused-application"],
    plan: [`refuses a${id} in dev`],
    cluster: { stop: "identity policy", at: "ApplicationSet components", says: byIdentity },
  })),
  {
    ...{ id: "14", who: "team", how: "commit", title: "a component takes over the Application bootstrap" },
    change: (tree) =>
      tree.app("bootstrap", {
        template: configMap("bootstrap", {}),
        pin: { component: "bootstrap", team: "bootstrap" },
      }),
    check: ["duplicate-application"],
    plan: ["changes bootstrap in dev"],
    cluster: { alone: true, stop: "set", at: "ApplicationSet components", says: /team bootstrap is not one of/ },
  },
  {
    ...{ id: "15", who: "team", how: "commit", title: "an app brings a chart repository of its own" },
    change: (tree) => tree.app("a15", { pin: { repo: "https://evil.example", chart: "evil", version: "1.0.0" } }),
    check: ["project-destination"],
    plan: ["changes a15 in dev"],
    cluster: { alone: true, stop: "identity policy", at: "ApplicationSet components", says: byIdentity },
  },
  {
    ...{ id: "16", who: "team", how: "commit", title: "a pin names a team that does not exist" },
    change: (tree) => tree.app("a16", { template: configMap("a16", {}), pin: { team: "nobody" } }),
    check: ["unknown-team"],
    plan: ["refuses a16 in dev"],
    cluster: { alone: true, stop: "set", at: "ApplicationSet components", says: /team nobody is not one of/ },
  },
];

export const identityCommits = [...links, ...sets, ...projects];
