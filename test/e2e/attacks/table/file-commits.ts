import type { CommitAttempt } from "../attempt";
import type { Tree } from "../tree";
import { byIdentity, configMap } from "./parts";

const prod = "apps/orders/stages/prod";
/** What Helm says of a values file that holds the target of a link. */
const notValues = /cannot unmarshal string into/;
const reads = (name: string, file: string) => configMap(name, { stolen: `{{ .Files.Get "${file}" | quote }}` });
const stolen = (name: string) => [{ object: `ConfigMap orders/${name}`, field: "data.stolen", is: /^(?![^]*live)/ }];

/** Values of another stage, region or cluster, by commits of a team. */
const links: CommitAttempt[] = [
  {
    ...{ id: "1", who: "team", how: "commit" },
    title: "the values of dev are a link to those of prod",
    change: (tree) => tree.link("gitops/apps/orders/stages/dev/values.yaml", "../prod/values.yaml"),
    check: ["link-in-tree"],
    plan: ["refuses orders in dev"],
    cluster: { stop: "render", at: "Application orders", says: notValues, shows: [payment("fake")] },
  },
  {
    ...{ id: "1a", who: "team", how: "commit" },
    title: "the values of dev are a link to those of another region",
    change: (tree) => tree.link("gitops/apps/guestbook/stages/dev/values.yaml", "../../regions/eu-west-1.yaml"),
    check: ["link-in-tree"],
    plan: ["refuses guestbook in dev"],
    cluster: { stop: "render", at: "Application guestbook", says: notValues },
  },
  {
    ...{ id: "1b", who: "team", how: "commit" },
    title: "the directory of dev is a link to that of prod",
    change: (tree) => tree.link("gitops/apps/orders/stages/dev", "prod"),
    check: ["link-in-tree"],
    plan: ["changes orders in dev"],
    cluster: {
      ...{ alone: true, stop: "nothing", loses: /orders/ },
      shows: [{ object: "Deployment orders/orders", is: null }],
    },
    said: "to Argo CD the directory is gone, and with it the app; dev does what the branch says",
  },
  {
    ...{ id: "1c", who: "team", how: "commit" },
    title: "the values of dev are a link to the values of the cluster prod",
    change: (tree) =>
      tree.link("gitops/apps/orders/stages/dev/values.yaml", "../../../../clusters/prod/values/orders.yaml"),
    check: ["link-in-tree"],
    plan: ["refuses orders in dev"],
    cluster: { alone: true, stop: "render", at: "Application orders", says: notValues, shows: [payment("fake")] },
  },
  {
    ...{ id: "1d", who: "team", how: "commit" },
    title: "the pin of dev is a link to that of prod",
    change: (tree) => tree.link("gitops/apps/orders/stages/dev/pin.yaml", "../prod/pin.yaml"),
    check: ["link-in-tree"],
    plan: ["refuses * in dev"],
    cluster: { alone: true, stop: "set", at: "ApplicationSet components", says: /pin.yaml/, shows: [payment("fake")] },
  },
  {
    ...{ id: "1e", who: "team", how: "commit" },
    title: "the directory of dev is a submodule",
    change: (tree) => tree.submodule("gitops/apps/orders/stages/dev"),
    check: ["submodule"],
    plan: ["changes orders in dev"],
    cluster: {
      ...{ alone: true, stop: "nothing", loses: /orders/ },
      shows: [{ object: "Deployment orders/orders", is: null }],
    },
    said: "to Argo CD the directory is empty, and the app is gone; dev does what the branch says",
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
    cluster: { stop: "nothing", shows: stolen("a2") },
    said: "the chart reads the target of the link as text",
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
    cluster: { stop: "nothing", shows: stolen("a2a") },
    said: "the chart finds no such file",
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
    cluster: {
      ...{ stop: "render", at: "Application a3", says: notValues },
      shows: [{ object: "ConfigMap orders/a3", is: null }],
    },
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
    cluster: { stop: "render", at: "Application a4a", says: notValues },
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
    cluster: { stop: "render", at: "Application a6", says: /Chart\.yaml file is missing/ },
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

/** What Argo CD lays over a source that the policy has judged. */
const laidOver = {
  helm: {
    valueFiles: [`/gitops/${prod}/values.yaml`],
    parameters: [{ name: "stolen", value: "live" }],
  },
};
const overrides: CommitAttempt[] = [
  {
    ...{
      id: "45i",
      who: "team",
      how: "commit",
      title: "a chart brings value files of prod and parameters for its source",
    },
    change: (tree) =>
      tree
        .app("a45i", {
          template: configMap("a45i", { stolen: "{{ .Values }}" }),
          values: { own: "yes" },
        })
        .write("gitops/charts/a45i/1.0.0/.argocd-source.yaml", laidOver),
    check: ["source-override"],
    plan: ["changes a45i in dev"],
    cluster: {
      stop: "nothing",
      shows: [{ object: "ConfigMap orders/a45i", field: "data.stolen", is: /^(?!.*live).*own/ }],
    },
    said: "the file is removed from Argo CD's checkouts",
  },
  {
    ...{ id: "45k", who: "team", how: "commit", title: "the same for one app, in the chart that it shares" },
    change: (tree) =>
      tree.write("gitops/charts/web-service/1.1.0/.argocd-source-orders.yaml", {
        ...{ helm: { valueFiles: [`/gitops/${prod}/values.yaml`] }, kustomize: { namePrefix: "x-" } },
      }),
    check: ["source-override"],
    plan: ["no change"],
    cluster: { stop: "nothing", shows: [payment("fake")] },
    said: "the file is removed from Argo CD's checkouts",
  },
];

/** Values of another stage, region or cluster, by what is in the files of a commit. */
export const fileCommits = [...links, ...overrides];
