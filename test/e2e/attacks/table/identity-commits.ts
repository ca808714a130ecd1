import type { CommitAttempt } from "../attempt";
import type { Tree } from "../tree";
import { bySet } from "./own-set";
import { byIdentity, byProject, configMap, emptyBinding, inDev, ownSet } from "./parts";

const files = (...valueFiles: string[]) => ({ source: { helm: { valueFiles } } });

/** Values of another stage, region or cluster, by those who write gitops/bootstrap. */
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
  byPins("8d", "pins of another branch", { repoURL: "HERE", revision: "evil" }),
  byPins("8e", "pins of another repository", { repoURL: "https://evil.example/tree.git", revision: "main" }),
  bySet("9", "with a value file of prod", files("/gitops/apps/a9/stages/prod/values.yaml")),
  bySet("9a", "with a value file of another region", files("/gitops/apps/a9a/regions/eu-west-1.yaml")),
  bySet("9b", "with a value file of another cluster", files("/gitops/clusters/prod/values/a9b.yaml")),
  bySet("9c", "with a value file from an address", files("https://evil.example/values.yaml")),
  bySet("9d", "with inline values", { source: { helm: { values: "replicas: 7" } } }),
  bySet("9e", "with Helm parameters", { source: { helm: { parameters: [{ name: "replicas", value: "7" }] } } }),
  bySet("9f", "with the label of another stage", { labels: { "onebranch.dev/stage": "prod" } }),
  bySet("9g", "with the directory of another stage as its source", { source: { path: "apps/orders/stages/prod" } }),
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

/** A set that makes an Application of dev for each pin of another place; all else is as it must be. */
function byPins(id: string, title: string, git: object): CommitAttempt {
  const files = [{ path: "gitops/apps/*/stages/dev/pin.yaml" }];
  return {
    ...{ id, who: "platform", how: "commit", title: `bootstrap makes Applications of dev by ${title}` },
    change: (tree) => ownSet(tree, `a${id}`, {}, { git: { ...git, files } }),
    check: ["broken-set"],
    plan: ["does not know * in dev"],
    said: "the identity policy judges each Application, and not where its version was read: only check and plan say so",
  };
}

/** A project `bootstrap` that allows everything. */
function openBootstrap(tree: Tree): void {
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
    check: ["project-destination", "refused-application"],
    plan: ["changes a15 in dev", "refuses a15 in dev"],
    cluster: { alone: true, stop: "identity policy", at: "ApplicationSet charts", says: byIdentity },
  },
  {
    ...{ id: "15b", who: "platform", how: "commit", title: "an add-on is of a chart repository that is not listed" },
    change: (tree) => tree.addon("a15b", { pin: { repo: "https://evil.example", chart: "evil", version: "1.0.0" } }),
    check: ["project-destination"],
    plan: ["does not know a15b in dev"],
    cluster: { stop: "project", at: "Application a15b", says: /evil\.example is not permitted in project/ },
  },
  {
    ...{ id: "16", who: "team", how: "commit", title: "a pin names a team that does not exist" },
    change: (tree) => tree.app("a16", { template: configMap("a16", {}), pin: { team: "nobody" } }),
    check: ["unknown-team"],
    plan: ["refuses a16 in dev"],
    cluster: { alone: true, stop: "set", at: "ApplicationSet components", says: /team nobody is not one of/ },
  },
];

export const identityCommits = [...sets, ...projects];
