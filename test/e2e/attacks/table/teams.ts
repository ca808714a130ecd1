import { addTeamTree } from "../../../support/fixtures";
import type { CommitAttempt } from "../attempt";
import type { Tree } from "../tree";

const file = "gitops/teams/commerce.yaml";
const takes = (namespace: string) => (tree: Tree) => {
  tree.edit(file, "namespaces:\n", `namespaces:\n  ${namespace}: {}\n`);
};
const groups = (text: string) => (tree: Tree) => void tree.edit(file, /^groups: .*$/m, `groups: ${text}`);

/** A change of the file of a team that bootstrap's chart refuses, so that no cluster changes. */
function refused(id: string, title: string, rule: string, change: (tree: Tree) => void): CommitAttempt {
  return {
    ...{ id, title: `the file of a team ${title}`, who: "platform", how: "commit", change },
    ...{ check: [rule, "broken-set"], plan: ["refuses bootstrap in prod"] },
    said: "bootstrap does not render, so every cluster stays as it is; test/e2e/teams.test.ts shows it",
  };
}

const changes: CommitAttempt[] = [
  refused("75c", "takes kube-system", "team-collision", takes("kube-system")),
  refused("75d", "takes the namespace argocd", "bad-name", takes("argocd")),
  refused("75e", "takes the namespace of another team", "team-collision", takes("guestbook")),
  refused("75f", "takes the namespace of an add-on", "team-collision", takes("guardrails")),
  refused(
    "75g",
    "gives its rights to everybody with a login",
    "wrong-value",
    groups('{ admin: ["system:authenticated"] }'),
  ),
  refused("75h", "is called platform", "unknown-team", (tree) => {
    tree.write("gitops/teams/platform.yaml", tree.read(file).replace("orders: {}", "mine: {}"));
  }),
  refused("75i", "has a name that is not a DNS label", "bad-name", (tree) => {
    tree.write("gitops/teams/A_b.yaml", tree.read(file));
  }),
  {
    ...{ id: "75j", title: "the file of a team has the group of another team", who: "platform", how: "commit" },
    change: groups("{ admin: [storefront] }"),
    ...{ check: ["team-collision"], plan: ["rbac-wider"] },
  },
  {
    ...{
      id: "75k",
      title: "the owners of a team bring a line of their own into CODEOWNERS",
      who: "platform",
      how: "commit",
    },
    change: (tree) => tree.edit(file, /^owners: .*$/m, 'owners: ["@acme/commerce\\n/gitops/ @acme/others"]'),
    ...{ check: ["wrong-value"], plan: ["no change"] },
  },
  {
    ...{ id: "75l", title: "the file of a team with apps is removed", who: "platform", how: "commit" },
    change: (tree) => tree.remove(file),
    ...{ check: ["unknown-team", "mass-removal"], plan: ["refuses orders in prod", "namespace-removed"] },
  },
];

/** A file of a team that has one namespace, called as the team. */
function teamFile(tree: Tree, name: string, more: object = {}): void {
  const file = { description: name, owners: ["@onebranch-example/a"], namespaces: { [name]: {} }, ...more };
  tree.write(`gitops/teams/${name}.yaml`, file);
}

/** A new file of a team that asks for what no team may have: bootstrap does not render, and the cluster stays as it is. */
function claims(id: string, title: string, file: object, rule: string, says: RegExp): CommitAttempt {
  const name = `a${id}`;
  return {
    ...{ id, title: `the file of a team ${title}`, who: "platform", how: "commit" },
    change: (tree) => teamFile(tree, name, file),
    ...{ check: ["broken-set", rule], plan: ["refuses bootstrap in dev"] },
    cluster: {
      ...{ together: "team files", stop: "render", at: "Application bootstrap", says },
      shows: [{ object: `AppProject argocd/${name}`, is: null }],
    },
  };
}

const everything = [{ group: "*", kind: "*" }];

const claimed: CommitAttempt[] = [
  claims(
    "75m",
    "takes every namespace",
    { namespaces: { "*": {} } },
    "bad-name",
    /"\*" is not the name of a namespace/,
  ),
  claims(
    "75n",
    "has rules of Argo CD in the name of a group",
    { groups: { view: ["a\ng, b, role:admin"] } },
    "wrong-value",
    /role:admin" is not a group of people/,
  ),
  claims(
    "75o",
    "gives a role of its own making",
    { groups: { "cluster-admin": ["a"] } },
    "unknown-key",
    /groups has the role "cluster-admin"/,
  ),
  {
    ...{
      id: "75p",
      who: "platform",
      how: "commit",
      title: "the file of a team takes the namespace of one in bootstrap",
    },
    change: (tree) => teamFile(tree, "a75p", { namespaces: { orders: {} } }),
    ...{ check: ["broken-set", "team-collision"], plan: ["refuses bootstrap in dev"] },
    said: "bootstrap does not render; test/gitops/teams.test.ts shows it",
  },
  {
    ...{ id: "75q", who: "platform", how: "commit", title: "the file of a team asks for cluster-scoped kinds" },
    change: (tree) => teamFile(tree, "a75q", { clusterResourceWhitelist: everything, sourceRepos: ["*"] }),
    ...{ check: ["unknown-key"], plan: ["changes bootstrap in dev"] },
    cluster: {
      stop: "nothing",
      shows: [
        { object: "AppProject argocd/a75q", field: "spec.clusterResourceWhitelist", is: "" },
        { object: "AppProject argocd/a75q", field: "spec.sourceRepos[*]", is: /^file:\S+$/ },
      ],
    },
    said: "bootstrap does not read these keys",
  },
];

/** What the files of teams can take from one another and from the platform, and what a new one may ask for. */
export const teamFiles: CommitAttempt[] = [
  ...changes.map((attempt): CommitAttempt => ({ ...attempt, given: (tree) => addTeamTree(tree.root) })),
  ...claimed,
];
