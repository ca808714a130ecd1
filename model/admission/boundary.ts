import { argoCdNamespace, bootstrapProject, inClusterServer, platformProject, rootSet } from "../root";
import { secretsNamespace } from "../stage-secrets";
import { accountPrefix, makerOf, quoted, type Admission, type Rule } from "./policy";

/** Name of the policy and of its binding; every refusal quotes it. */
export const boundaryName = "onebranch-boundary";

/** The user that writes what Git says. An embedded cluster gives its certificate the same name. */
export const applicationController = `${accountPrefix}argocd-application-controller`;

/** Users of Argo CD that do not write what Git says: a person's requests, and Applications, which have a policy of their own. */
const others = ["argocd-server", "argocd-applicationset-controller"].map((name) => accountPrefix + name);

/** The condition of a policy that judges only what Argo CD writes for Git. */
export const writesForGit = {
  name: "writes-for-git",
  expression: `request.userInfo.username.startsWith('${accountPrefix}') && !(request.userInfo.username in ${quoted(others)})`,
};

/**
 * Kinds that no admission policy can see. So the projects alone keep them out of reach of the tree, and the boundary keeps the
 * projects to that.
 */
export const policyKinds = [
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding",
] as const;

const admissionGroup = "admissionregistration.k8s.io";

/** Kinds, as `group/Kind`, that register a webhook or an API with the API server. */
const registrationKinds = [
  `${admissionGroup}/MutatingWebhookConfiguration`,
  `${admissionGroup}/ValidatingWebhookConfiguration`,
  "apiregistration.k8s.io/APIService",
];

const definitionKind = "apiextensions.k8s.io/CustomResourceDefinition";
const clusterRoleKinds = ["ClusterRole", "ClusterRoleBinding"].map((kind) => `rbac.authorization.k8s.io/${kind}`);
const argoKinds = ["Application", "ApplicationSet", "AppProject"].map((kind) => `argoproj.io/${kind}`);
const projectKind = "argoproj.io/AppProject";

/** What they hold belongs to Pulumi, and so do the Namespaces themselves. */
const ownNamespaces = [argoCdNamespace, secretsNamespace];

/** What only Pulumi writes, as `group/Kind/name`. */
export const owned: readonly string[] = [
  `${projectKind}/${bootstrapProject}`,
  `argoproj.io/ApplicationSet/${rootSet}`,
  ...ownNamespaces.map((name) => `/Namespace/${name}`),
  ...["applications", "applicationsets", "appprojects"].map((plural) => `${definitionKind}/${plural}.argoproj.io`),
];

/** Kinds, as `group/Kind`, some objects of which only Pulumi writes, wherever they are. */
const nearKinds: ReadonlySet<string> = new Set([
  ...argoKinds,
  "/Namespace",
  definitionKind,
  ...clusterRoleKinds,
  ...registrationKinds,
  ...policyKinds.map((kind) => `${admissionGroup}/${kind}`),
]);

/** Whether a resource may be one that Argo CD must not write: all others need not be judged. */
export function isNearBoundary(resource: { apiVersion: string; kind: string; namespace?: string }): boolean {
  const [group, version] = resource.apiVersion.split("/");
  return ownNamespaces.includes(resource.namespace ?? "") || nearKinds.has(`${version ? group : ""}/${resource.kind}`);
}

/** True when a list of the project is missing, or meets a condition. */
const listed = (name: string, condition: string) =>
  `!has(variables.project.${name}) || variables.project.${name}${condition}`;

/** Whether an entry of a whitelist may stand for a kind `k` of admission: by its name, or by a pattern. */
const mayAllow = `!(w.group.matches('^[a-z0-9.-]*$') && w.group != '${admissionGroup}') && !(w.kind.matches('^[A-Za-z0-9]*$') && w.kind != k)`;
const refuses = `b.group in ['*', '${admissionGroup}'] && b.kind in ['*', k] && (!has(b.name) || b.name in ['', '*'])`;

const rules = {
  namespace: {
    expression: `variables.inNamespace != '${argoCdNamespace}' || variables.kind in ${quoted([...argoKinds, "/Event", "events.k8s.io/Event", "coordination.k8s.io/Lease"])}`,
    message: `the namespace ${argoCdNamespace} belongs to Pulumi: from Git come only AppProjects, ApplicationSets and Applications`,
  },
  secrets: {
    expression: `variables.inNamespace != '${secretsNamespace}'`,
    message: `the namespace ${secretsNamespace} belongs to Pulumi: it holds the secrets of the stack`,
  },
  owned: {
    expression: `!(variables.kind + '/' + variables.name in ${quoted(owned)}) && !(variables.kind in ${quoted(clusterRoleKinds)} && variables.name.startsWith('argocd-'))`,
    message: "only Pulumi writes this object",
  },
  repositories: {
    expression: listed("sourceRepos", ".all(r, !r.matches('[*?{[]'))"),
    message: "an AppProject names its repositories in full: sourceRepos takes no patterns",
  },
  destinations: {
    expression: listed(
      "destinations",
      `.all(d, has(d.server) && d.server == '${inClusterServer}' && (!has(d.name) || d.name == '') && has(d.namespace) && d.namespace.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$') && !(d.namespace in ${quoted(ownNamespaces)}))`,
    ),
    message: `an AppProject deploys to its own cluster only, into namespaces that it names in full, and not into ${argoCdNamespace} or ${secretsNamespace}`,
  },
  clusterKinds: {
    expression: `variables.name == '${platformProject}' || ${listed("clusterResourceWhitelist", ".size() == 0")}`,
    message: `cluster-scoped kinds are for the AppProject ${platformProject}: any other one has an empty clusterResourceWhitelist`,
  },
  policies: {
    expression: `${quoted(policyKinds)}.all(k, ${listed("clusterResourceWhitelist", `.all(w, !(${mayAllow}))`)} || (has(variables.project.clusterResourceBlacklist) && variables.project.clusterResourceBlacklist.exists(b, ${refuses})))`,
    message: `admission policies are Pulumi's: the clusterResourceBlacklist of an AppProject names ${policyKinds.join(", ")} of ${admissionGroup}`,
  },
  elsewhere: {
    expression: `(${listed("sourceNamespaces", ".size() == 0")}) && (${listed("destinationServiceAccounts", ".size() == 0")})`,
    message:
      "an AppProject takes no Applications of other namespaces and syncs as Argo CD: no sourceNamespaces, no destinationServiceAccounts",
  },
  registrations: {
    expression: `variables.deletes || !(variables.kind in ${quoted(registrationKinds)}) || variables.addOn + '/' + variables.name in variables.scope.registrations.split(' ')`,
    message:
      "what registers a webhook or an API with the API server is listed by name: platform.registrations of gitops/bootstrap/values.yaml, then `onebranch up`",
  },
} satisfies Record<string, Rule>;

export type BoundaryRule = keyof typeof rules;

/** Each rule's message, as the API server quotes it. */
export const boundaryMessages = Object.fromEntries(
  Object.entries(rules).map(([rule, { message }]) => [rule, message]),
) as Readonly<Record<BoundaryRule, string>>;

/** The API server never asks a policy about these; the projects refuse them there. */
const unseen: Rule = {
  expression: `!(variables.kind in ${quoted(policyKinds.map((kind) => `${admissionGroup}/${kind}`))})`,
  message: "admission policies are Pulumi's",
};

const shared = [
  {
    name: "kind",
    expression:
      "(variables.target.apiVersion.contains('/') ? variables.target.apiVersion.split('/')[0] : '') + '/' + variables.target.kind",
  },
  {
    name: "name",
    expression: "has(variables.target.metadata.name) ? variables.target.metadata.name : ''",
  },
  {
    name: "inNamespace",
    expression: "has(variables.target.metadata.namespace) ? variables.target.metadata.namespace : ''",
  },
  {
    name: "addOn",
    expression: makerOf("variables.target"),
  },
  {
    name: "project",
    expression: `!variables.deletes && variables.kind == '${projectKind}' && has(variables.target.spec) ? variables.target.spec : {}`,
  },
];

/** The policy as the renderer evaluates it: whatever the tree makes is written, and nothing is deleted. */
export const boundary: Admission = {
  variables: [{ name: "target", expression: "object" }, { name: "deletes", expression: "false" }, ...shared],
  rules: [...Object.values(rules), unseen],
};

const clusterScoped = (apiGroup: string, ...resources: string[]) => ({
  apiGroups: [apiGroup],
  apiVersions: ["*"],
  operations: ["CREATE", "UPDATE", "DELETE"],
  resources,
  scope: "Cluster",
});

/**
 * The spec of the policy that keeps what Argo CD writes for Git away from what controls Argo CD.
 * @param registrations the webhook configurations and API services that add-ons may write, as `add-on/name`
 */
export function boundarySpec(registrations: readonly string[]) {
  return {
    failurePolicy: "Fail",
    matchConstraints: {
      // Cluster-scoped kinds other than Namespace match whatever this says.
      namespaceSelector: {
        matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: ownNamespaces }],
      },
      objectSelector: {},
      resourceRules: [
        { ...clusterScoped("*", "*"), scope: "Namespaced" },
        clusterScoped("", "namespaces"),
        clusterScoped("apiextensions.k8s.io", "customresourcedefinitions"),
        clusterScoped(admissionGroup, "mutatingwebhookconfigurations", "validatingwebhookconfigurations"),
        clusterScoped("apiregistration.k8s.io", "apiservices"),
        clusterScoped("rbac.authorization.k8s.io", "clusterroles", "clusterrolebindings"),
      ],
    },
    matchConditions: [
      writesForGit,
      {
        // The controller takes its finalizer from a deleted project.
        name: "changes",
        expression:
          "request.operation != 'UPDATE' || !has(oldObject.metadata.deletionTimestamp) || !has(object.spec) || object.spec != oldObject.spec",
      },
    ],
    variables: [
      { name: "scope", expression: `{'registrations': '${registrations.join(" ")}'}` },
      { name: "target", expression: "request.operation == 'DELETE' ? oldObject : object" },
      { name: "deletes", expression: "request.operation == 'DELETE'" },
      ...shared,
    ],
    validations: Object.values(rules).map(({ expression, message }) => ({ expression, message })),
  };
}
