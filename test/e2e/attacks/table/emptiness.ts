import type { CommitAttempt } from "../attempt";
import type { Shows } from "../request";
import { configMap } from "./parts";
import type { Tree } from "../tree";

const claim = {
  ...{ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "keep" } },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
};

/** An app in all stages whose values make its claim. */
function withData(name: string): (tree: Tree) => void {
  const object = JSON.stringify({ ...claim, metadata: { name } });
  const template = `${JSON.stringify(configMap(name, {}))}\n---\n{{ if .Values.data }}\n${object}\n{{ end }}\n`;
  return (tree) => tree.app(name, { template, values: { data: true }, stages: ["dev", "staging", "prod"] });
}

const prod = { in: "prod" as const, stop: "nothing" as const };
const quota: Shows[] = ["guestbook", "orders"].map((namespace) => ({
  ...{ object: `ResourceQuota ${namespace}/guardrails`, field: "spec.hard.pods", is: "60" },
}));
const payment: Shows = { object: "ConfigMap orders/orders", field: "data.ORDERS_PAYMENT", is: "live" };

/** What is empty or gone in the tree must not delete production. */
const losses: CommitAttempt[] = [
  {
    ...{ id: "89", title: "gitops/apps is gone", who: "platform", how: "commit" },
    change: (tree) => tree.remove("gitops/apps"),
    check: ["mass-removal"],
    plan: ["application-removed", "application-kept"],
    cluster: { ...prod, alone: true, shows: [{ object: "Deployment orders/orders" }, payment] },
  },
  {
    ...{ id: "89a", title: "an app is gone, in dev, where the branch decides", who: "platform", how: "commit" },
    change: (tree) => tree.remove("gitops/apps/guestbook"),
    check: [],
    plan: ["application-removed"],
    cluster: {
      ...{ in: "dev", stop: "nothing", alone: true, loses: /guestbook/ },
      shows: [{ object: "Deployment guestbook/guestbook", is: null }],
    },
    said: "in stages with applicationsSync: sync the branch decides what there is",
  },
  {
    ...{
      id: "90",
      title: "the bootstrap chart, the stage and the cluster of prod are gone",
      who: "platform",
      how: "commit",
    },
    change: (tree) => tree.remove("gitops/bootstrap").remove("gitops/stages/prod.yaml").remove("gitops/clusters/prod"),
    check: ["unknown-layer"],
    plan: ["cluster-removed"],
    cluster: { ...prod, alone: true, shows: [{ object: "Deployment orders/orders" }] },
  },
  {
    ...{ id: "91", title: "an add-on is gone", who: "platform", how: "commit" },
    change: (tree) => tree.remove("gitops/addons/guardrails"),
    check: [],
    said: "one component may go, and check names more than one; prod keeps it until somebody deletes it",
    plan: ["application-kept"],
    cluster: { ...prod, alone: true, shows: quota },
  },
  {
    ...{ id: "92", title: "an app with data is gone", who: "team", how: "commit" },
    given: withData("a92"),
    change: (tree) => tree.remove("gitops/apps/a92"),
    check: [],
    said: "one component may go, and check names more than one; prod keeps it until somebody deletes it",
    plan: ["application-kept", "application-removed"],
    cluster: {
      ...{ ...prod, losesInDev: / (orders|argocd)\/a92$/ },
      shows: [{ object: "PersistentVolumeClaim orders/a92" }],
    },
  },
  {
    ...{ id: "92a", title: "the values of an app with data are gone", who: "team", how: "commit" },
    given: withData("a92a"),
    change: (tree) => tree.remove("gitops/apps/a92a/values.yaml"),
    check: ["render-failure"],
    plan: ["refuses a92a in prod"],
    cluster: {
      ...{ ...prod, losesInDev: /^(ConfigMap|PersistentVolumeClaim) orders\/a92a$/ },
      shows: [{ object: "PersistentVolumeClaim orders/a92a" }],
    },
  },
  {
    ...{ id: "92b", title: "the pin of an app with data is gone in prod", who: "team", how: "commit" },
    given: withData("a92b"),
    change: (tree) => tree.remove("gitops/apps/a92b/stages/prod"),
    check: [],
    said: "an app may leave production by its pin; its objects stay until somebody deletes them",
    plan: ["application-kept"],
    cluster: { ...prod, shows: [{ object: "PersistentVolumeClaim orders/a92b" }] },
  },
  forced("92l", "becomes a hook", { "helm.sh/hook": "pre-upgrade" }),
  forced("92m", "is replaced by force", {
    "argocd.argoproj.io/sync-options": "Force=true,Replace=true,Prune=confirm,Delete=confirm",
  }),
  {
    ...{ id: "93", title: "the list of an add-on's namespaces is empty", who: "platform", how: "commit" },
    change: (tree) =>
      tree.edit("gitops/addons/guardrails/values.yaml", "namespaces: [guestbook, orders]", "namespaces: []"),
    check: ["crosses-rings", "mass-removal"],
    plan: ["limits-removed"],
    cluster: { ...prod, loses: /^(LimitRange|ResourceQuota) (guestbook|orders)\/guardrails$/ },
    said: "pushed anyway, Argo CD prunes what holds no data; the revert makes it again",
  },
  {
    ...{ id: "94", title: "the values of prod are empty", who: "team", how: "commit" },
    change: (tree) => tree.write("gitops/apps/orders/stages/prod/values.yaml", ""),
    check: ["empty-values"],
    plan: ["changes orders in prod"],
    said: "check refuses a file that sets nothing; in the cluster it is a file like any other, and nothing is deleted",
    cluster: prod,
  },
  {
    ...{ id: "94a", title: "the values of prod are gone, and its pin stays", who: "team", how: "commit" },
    change: (tree) => tree.remove("gitops/apps/orders/stages/prod/values.yaml"),
    check: ["values-removed"],
    plan: ["changes orders in prod"],
    said: "check compares with what the file said; in the cluster a layer may be missing, and nothing is deleted",
    cluster: prod,
  },
  {
    ...{ id: "95", title: "the template of a Deployment in a released chart is empty", who: "team", how: "commit" },
    change: (tree) => tree.write("gitops/charts/web-service/1.1.0/templates/deployment.yaml", ""),
    check: ["changed-chart", "crosses-rings"],
    plan: ["workload-removed"],
    cluster: { ...prod, loses: /^Deployment orders\/orders$/ },
    said: "pushed anyway, Argo CD prunes what holds no data; the revert makes it again",
  },
  {
    ...{ id: "96", title: "the stage prod is renamed in all files", who: "platform", how: "commit" },
    change: (tree) => {
      tree.rename("gitops/stages/prod.yaml", "gitops/stages/production.yaml");
      for (const part of ["addons/cert-manager", "addons/guardrails", "apps/guestbook", "apps/orders"])
        tree.rename(`gitops/${part}/stages/prod`, `gitops/${part}/stages/production`);
      tree.edit("gitops/clusters/prod/cluster.yaml", "stage: prod", "stage: production");
    },
    check: ["stage-removed"],
    plan: ["changes orders in prod"],
    cluster: { ...prod, alone: true, shows: [...quota, payment] },
  },
];

const orders: Shows = { object: "ConfigMap orders/orders", field: "data.NEW", is: "yes" };
/** While the bad thing is there, another app of dev changes, and the change must arrive. */
const goesOn = (tree: Tree) =>
  tree.edit("gitops/apps/orders/stages/dev/values.yaml", "ORDERS_PAYMENT: fake", 'ORDERS_PAYMENT: fake\n  NEW: "yes"');

/** One bad thing breaks one thing. */
const breaks: CommitAttempt[] = [
  broken(
    "97",
    "a pin cannot be parsed",
    (tree) => tree.write(pin("a97"), "component: a97\n  chart: [\n"),
    ["yaml-syntax"],
    ["refuses * in dev"],
  ),
  broken(
    "98",
    "a pin has no team",
    (tree) => tree.app("a98", { template: configMap("a98", {}), pin: { team: undefined } }),
    ["missing-key"],
  ),
  broken(
    "98a",
    "two pins are of one component",
    (tree) => {
      tree.app("a98a", { template: configMap("a98a", {}) });
      tree.app("a98b", { template: configMap("a98b", {}), pin: { component: "a98a" } });
    },
    ["directory-name"],
  ),
  broken(
    "98c",
    "a pin is an alias bomb",
    (tree) => tree.write(pin("a98c"), bomb),
    ["missing-key", "unknown-key"],
    ["refuses * in dev"],
  ),
  broken("98d", "a pin is empty", (tree) => tree.write(pin("a98d"), ""), ["wrong-type"]),
  broken("98e", "a pin is a list", (tree) => tree.write(pin("a98e"), "- component: a98e\n"), ["wrong-type"]),
  {
    ...{ id: "99", title: "a bad pin is repaired, and the next change arrives", who: "team", how: "commit" },
    change: [
      (tree) => tree.write(pin("a99"), "component: a99\n  chart: [\n"),
      (tree) => goesOn(tree.remove("gitops/apps/a99")),
    ],
    check: [],
    plan: ["changes orders in dev"],
    cluster: { alone: true, stop: "nothing", shows: [orders] },
    said: "a repaired branch is a branch like any other",
  },
  leadsOut("100", "a link outside of gitops/ leads out of the repository", "/etc/hostname"),
  leadsOut("100a", "a link outside of gitops/ leads nowhere", "../../../nowhere"),
  {
    ...{ id: "100b", who: "team", how: "commit" },
    title: "a submodule outside of gitops/ cannot be fetched; a new app comes all the same",
    change: (tree) =>
      tree
        .submodule("docs/x")
        .write(".gitmodules", "")
        .app("a100b", { template: configMap("a100b", {}) }),
    check: [],
    plan: ["changes a100b in dev"],
    cluster: { alone: true, stop: "nothing", shows: [{ object: "ConfigMap orders/a100b" }] },
    said: "Argo CD fetches no submodules, for sets as little as for manifests",
  },
  {
    ...{ id: "101", title: "an app that cannot be synced is removed again", who: "team", how: "commit" },
    change: (tree) =>
      tree.app("a101", {
        template: { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "a101" }, spec: { hard: {} } },
      }),
    check: ["project-resource"],
    plan: ["changes a101 in dev"],
    cluster: { stop: "project", at: "Application a101", says: /permitted in project/ },
  },
];

/** The claim of an app in prod, which asks before it goes, gets annotations with which a sync deletes it. */
function forced(id: string, title: string, annotations: Record<string, string>): CommitAttempt {
  const name = `a${id}`;
  const template = `gitops/charts/${name}/1.0.0/templates/all.yaml`;
  const metadata = JSON.stringify({ name, annotations });
  return {
    ...{ id, title: `the claim of an app with data ${title}`, who: "team", how: "commit" },
    given: (tree) => {
      tree.edit("gitops/stages/prod.yaml", "\nprune: true\n", "\nprune: true\nconfirmPrune: true\n");
      withData(name)(tree);
    },
    change: (tree) => tree.edit(template, `"metadata":{"name":"${name}"},"spec"`, `"metadata":${metadata},"spec"`),
    check: ["unconfirmed-removal", "changed-chart"],
    plan: ["volume-removed"],
    said: "Argo CD asks before it prunes, and never before a sync deletes what it makes again: only check and plan say so",
  };
}

function pin(component: string): string {
  return `gitops/apps/${component}/stages/dev/pin.yaml`;
}

function broken(
  id: string,
  title: string,
  change: (tree: Tree) => void,
  check: string[],
  plan = ["changes orders in dev"],
): CommitAttempt {
  return {
    ...{ id, title: `${title}; the values of another app go on`, who: "team", how: "commit", check },
    change: (tree) => {
      change(tree);
      goesOn(tree);
    },
    plan,
    cluster: { alone: true, stop: "set", shows: [orders] },
  };
}

function leadsOut(id: string, title: string, target: string): CommitAttempt {
  return {
    ...{ id, title: `${title}; everything goes on`, who: "team", how: "commit" },
    change: (tree) => {
      tree.link("docs/x", target);
      goesOn(tree);
    },
    check: [],
    plan: ["changes orders in dev"],
    cluster: { alone: true, stop: "nothing", shows: [orders] },
    said: "to Argo CD a link is a file with the text of its target",
  };
}

const levels = [..."abcdefghij"];
const bomb = levels
  .map(
    (name, i) =>
      `${name}: &${name} [${
        i === 0
          ? "x"
          : Array(10)
              .fill(`*${levels[i - 1]}`)
              .join(", ")
      }]\n`,
  )
  .join("");

export const emptiness = [...losses, ...breaks];
