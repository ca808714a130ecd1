import type { CommitAttempt } from "../attempt";
import type { RequestAttempt } from "../request";
import { bySet } from "./own-set";
import { byIdentity, configMap } from "./parts";

/** A parameter as a pin's `facts` makes it, but for what is given. */
const parameter = (change: object) => ({
  helm: { parameters: [{ name: "clusterName", value: "dev", forceString: true, ...change }] },
});

/** A pin whose `facts` bootstrap does not take. */
function byPin(id: string, title: string, facts: object, check: string, says: RegExp): CommitAttempt {
  return {
    ...{ id, who: "team", how: "commit", title },
    change: (tree) => tree.app(`a${id}`, { template: configMap(`a${id}`, {}), pin: { facts } }),
    check: [check],
    plan: [`refuses a${id} in dev`],
    cluster: { alone: true, stop: "set", at: "ApplicationSet components", says },
  };
}

/** Only this cluster's own facts reach a chart by a parameter, and a parameter sets one value. */
const commits: CommitAttempt[] = [
  bySet("9h", "that gives its chart the name of another cluster", { source: parameter({ value: "prod" }) }),
  bySet("9i", "with values in the name of a parameter", { source: parameter({ name: "replicas=7,clusterName" }) }),
  bySet("9k", "with an item of a list as a parameter", { source: parameter({ name: "clusters[0]" }) }),
  bySet("9l", "with a fact that may be a number", { source: parameter({ forceString: false }) }),
  byPin(
    "16a",
    "a pin brings values in the name of a fact",
    { "replicas=7,clusterName": "name" },
    "wrong-value",
    /facts has the key .{0,2}replicas=7,clusterName/,
  ),
  byPin(
    "16b",
    "a pin gives a chart a value of its own as a fact",
    { clusterName: "prod" },
    "unknown-fact",
    /facts\.clusterName is .{0,2}prod.{0,2}, and dev has domain, name, region, stage/,
  ),
];

function patch(id: string, title: string, change: object): RequestAttempt {
  return {
    ...{ id, title, who: "Argo CD", how: "request", method: "PATCH" },
    path: "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/guestbook",
    body: { spec: { source: parameter(change) } },
    ...{ stop: "identity policy", says: byIdentity },
  };
}

const requests: RequestAttempt[] = [
  patch("30a", "the name of another cluster as a parameter", { value: "prod" }),
  patch("30b", "values in the name of a parameter", { name: "replicas=7,clusterName" }),
  patch("30c", "values in the value of a parameter", { value: "dev,replicas=7" }),
  patch("30d", "a list in the name of a parameter", { name: "a={b},clusterName" }),
  patch("30e", "an escaped dot in the name of a parameter", { name: "a\\.b" }),
  patch("30f", "a parameter with a line end behind its name", { name: "clusterName\n" }),
  patch("30g", "a variable of Argo CD as a parameter", { value: "$ARGOCD_APP_REVISION" }),
];

export const facts = { commits, requests };
