import { groups, isOfRing, layersOf, pathNames, pathOf, sharedFiles, type Scope } from "../layers";
import { inClusterServer } from "../root";
import { confirmationRules, confirms } from "./confirmation";
import { keepsStatus, operationRules, startsOperation } from "./operations";
import {
  hasRing,
  quoted,
  scopeExpressions,
  scopeVariable,
  type Admission,
  type ClusterScope,
  type Rule,
} from "./policy";
import { factsVariable, overlaysVariable, sourceRules, sourcesVariable } from "./sources";

/** Name of the policy and of its binding; every refusal quotes it. */
export const policyName = "onebranch-identity";

const componentLabel = "onebranch.dev/component";
const ringLabel = "onebranch.dev/ring";

/** The value files that the Application of one component may name in this cluster; each may have a reference before it. */
export function valueFiles(scope: Scope, component: string): string[] {
  return pathsOf([...layersOf(scope).map(({ file }) => file), ...sharedFiles], scope, component);
}

function pathsOf(files: readonly string[], scope: Scope, component: string): string[] {
  const paths = groups.flatMap((group) =>
    files.map((file) => `/${pathOf(file, { ...pathNames(scope), component, group })}`),
  );
  return [...new Set(paths)];
}

/** Labels that say which cluster an Application belongs to. */
export function scopeLabels({ name, stage, ring, region }: Scope): Record<string, string> {
  const always = { "onebranch.dev/stage": stage, "onebranch.dev/region": region, "onebranch.dev/cluster": name };
  return ring === undefined ? always : { ...always, [ringLabel]: ring };
}

/** Labels that an Application must have to be let in. */
export function requiredLabels(scope: Scope, component: string): Record<string, string> {
  return { ...scopeLabels(scope), [componentLabel]: component };
}

const labelsOf = (holder: string) => `(has(${holder}.metadata.labels) ? ${holder}.metadata.labels : {})`;

const isLabelled = (label: string, value: string) =>
  `'${label}' in variables.labels && variables.labels['${label}'] == ${value}`;

function allowedFiles(): string {
  const inText = (expression: string) => `' + ${expression} + '`;
  const { name, stage, ring, region } = scopeExpressions;
  const texts = { name: inText(name), stage: inText(stage), ring: inText(ring), region: inText(region) };
  const component = inText("object.metadata.name");
  const inRing = layersOf(texts).flatMap(({ file }) => (isOfRing(file) ? file : []));
  const everywhere = valueFiles({ ...texts, ring: undefined }, component);
  return `${quoted(everywhere)} + (${hasRing} ? ${quoted(pathsOf(inRing, texts, component))} : [])`;
}

const { ring, ...anywhere } = scopeExpressions;

const rules = {
  labels: {
    expression: [
      ...Object.entries(scopeLabels(anywhere)).map(([label, value]) => isLabelled(label, value)),
      `(${hasRing} ? ${isLabelled(ringLabel, ring)} : !('${ringLabel}' in variables.labels))`,
    ].join(" && "),
    message: "the labels onebranch.dev/stage, ring, region and cluster must be those of this cluster",
  },
  component: {
    expression: `has(object.metadata.name) && object.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$') && ${isLabelled(componentLabel, "object.metadata.name")}`,
    message: `the label ${componentLabel} must be the Application's name, a DNS label`,
  },
  destination: {
    expression: `has(object.spec.destination.server) && object.spec.destination.server == '${inClusterServer}' && (!has(object.spec.destination.name) || object.spec.destination.name == '')`,
    message: `an Application deploys to its own cluster only: destination.server must be ${inClusterServer}`,
  },
  project: {
    expression:
      "!(object.spec.project in ['', 'default']) && (object.spec.project == 'bootstrap') == (object.metadata.name == 'bootstrap')",
    message:
      "an Application names a project of its own: not default, and bootstrap is for the Application bootstrap only",
  },
  ...sourceRules,
  namespace: {
    expression: "!has(object.spec.syncPolicy) || !has(object.spec.syncPolicy.managedNamespaceMetadata)",
    message: "a namespace has the labels and annotations of the tree: managedNamespaceMetadata is not allowed",
  },
  ...operationRules,
  ...confirmationRules,
} satisfies Record<string, Rule>;

/**
 * Why the policy refuses an Application. The API server evaluates it in the cluster, the renderer before a commit lands, as if a
 * person created the Application.
 */
export const admission: Admission = {
  variables: [
    { name: "labels", expression: labelsOf("object") },
    sourcesVariable,
    factsVariable,
    overlaysVariable,
    { name: "files", expression: allowedFiles() },
  ],
  rules: Object.values(rules),
};

/** Why the policy of one cluster refuses an Application; each text is the exact message of one validation. */
export function refusals(scope: ClusterScope): Record<keyof typeof rules, string> {
  const { name, stage, ring, region, repoURL, revision } = scope;
  const here = `, ${name} (stage ${stage}${ring === undefined ? "" : `, ring ${ring}`}, region ${region})`;
  const ends: Partial<Record<keyof typeof rules, string>> = {
    labels: here,
    files: here,
    overlays: here,
    parameters: here,
    repository: `, ${repoURL} at ${revision}`,
    revision: `, ${revision}`,
  };
  const texts = Object.entries(rules).map(([rule, { message }]) => [
    rule,
    message + (ends[rule as keyof typeof rules] ?? ""),
  ]);
  return Object.fromEntries(texts) as Record<keyof typeof rules, string>;
}

/**
 * The spec of the policy that keeps a cluster to its own stage, region, values and revision, with the scope as literals. The
 * writes that a controller makes all the time pass unjudged: of the status, and of finalizers. An Application that is being
 * deleted is judged as well, because Argo CD still runs its operations.
 */
export function policySpec(here: ClusterScope) {
  const messages = Object.values(refusals(here));
  return {
    failurePolicy: "Fail",
    matchConstraints: {
      resourceRules: [
        {
          apiGroups: ["argoproj.io"],
          apiVersions: ["*"],
          operations: ["CREATE", "UPDATE"],
          resources: ["applications"],
        },
      ],
    },
    matchConditions: [
      {
        name: "spec-labels-operation-status-or-confirmation",
        expression: `request.operation == 'CREATE' || object.spec != oldObject.spec || ${labelsOf("object")} != ${labelsOf("oldObject")} || ${startsOperation} || !(${keepsStatus}) || ${confirms}`,
      },
    ],
    variables: [scopeVariable(here), ...admission.variables],
    validations: admission.rules.map(({ expression }, index) => ({ expression, message: messages[index]! })),
  };
}
