import type { CommitAttempt } from "../attempt";
import type { RequestAttempt } from "../request";
import type { Tree } from "../tree";
import { bySet } from "./own-set";
import { byIdentity } from "./parts";

const ring = "onebranch.dev/ring";
const orders = "gitops/apps/orders/stages/prod";

/** prod gets rings, and its one cluster is in the first. */
function withRings(tree: Tree): void {
  tree.edit("gitops/stages/prod.yaml", "order: 3\n", "order: 3\nrings: [canary, rest]\n");
  tree.edit("gitops/clusters/prod/cluster.yaml", "stage: prod\n", "stage: prod\nring: canary\n");
}

/** A new version of orders in a ring, with the other keys of the stage's pin. */
function ahead(tree: Tree, where: string): void {
  const image = { repository: "ghcr.io/stefanprodan/podinfo", tag: "6.9.2" };
  const pin = { component: "orders", chart: "web-service", version: "1.1.0", namespace: "orders" };
  tree.write(`${orders}/rings/${where}/pin.yaml`, { ...pin, requires: "base", team: "commerce", image });
}

/** A cluster is in the ring that `up` has written into its policy; what reaches a ring goes through the rings before it. */
const commits: CommitAttempt[] = [
  bySet("9m", "with a value file of a ring, which dev does not have", {
    source: { helm: { valueFiles: ["/gitops/apps/a9m/stages/dev/rings/canary/values.yaml"] } },
  }),
  bySet("9n", "with the label of a ring, which dev does not have", { labels: { [ring]: "canary" } }),
  {
    ...{ id: "9o", who: "platform", how: "commit", title: "the file of dev puts it into a ring" },
    change: (tree) => tree.edit("gitops/clusters/dev/cluster.yaml", "stage: dev\n", "stage: dev\nring: canary\n"),
    check: ["unknown-ring"],
    plan: ["changes orders in dev"],
    cluster: {
      ...{ alone: true, stop: "identity policy", at: "ApplicationSet components", says: byIdentity },
      shows: [
        { object: "Application argocd/orders", field: "metadata.labels.onebranch\\.dev/stage", is: "dev" },
        { object: "Application argocd/orders", field: "metadata.labels.onebranch\\.dev/ring", is: "" },
      ],
    },
    said: "a ring of its own comes by `up`, which writes it into the policy",
  },
  {
    ...{ id: "9p", who: "platform", how: "commit", title: "prod gets rings, and a version at once in the first" },
    change: (tree) => {
      withRings(tree);
      ahead(tree, "canary");
    },
    check: [],
    plan: ["changes orders in prod"],
    cluster: {
      ...{ in: "prod", alone: true, stop: "identity policy", at: "ApplicationSet components", says: byIdentity },
      shows: [
        {
          object: "Deployment orders/orders",
          field: "spec.template.spec.containers[0].image",
          is: "ghcr.io/stefanprodan/podinfo:6.9.0",
        },
      ],
    },
    said: "until `up` has written the ring into the policy, its Applications stay as they are",
  },
  {
    ...{ id: "9q", who: "team", how: "commit", title: "a version begins in the last ring" },
    given: withRings,
    change: (tree) => ahead(tree, "rest"),
    check: ["ring-order"],
    plan: ["no change"],
    said: "the branch decides which ring has what; `check` keeps the order",
  },
  {
    ...{ id: "9r", who: "team", how: "commit", title: "a version skips the rings by the file of the stage" },
    given: (tree) => {
      withRings(tree);
      ahead(tree, "canary");
    },
    change: (tree) => tree.edit(`${orders}/pin.yaml`, "tag: 6.9.0", "tag: 6.9.9"),
    check: ["stale-ring-file"],
    plan: ["no change"],
    said: "the branch decides which ring has what; `check` says that the ring is behind",
  },
];

function patch(id: string, title: string, body: object): RequestAttempt {
  return {
    ...{ id, title, who: "Argo CD", how: "request", method: "PATCH", body },
    path: "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/guestbook",
    ...{ stop: "identity policy", says: byIdentity },
  };
}

const requests: RequestAttempt[] = [
  patch("17a", "a value file of a ring, which dev does not have", {
    spec: { source: { helm: { valueFiles: ["/gitops/apps/guestbook/stages/dev/rings/canary/values.yaml"] } } },
  }),
  patch("39b", "the label of a ring, which dev does not have", { metadata: { labels: { [ring]: "canary" } } }),
];

export const rings = { commits, requests };
