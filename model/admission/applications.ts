import { groups, layers, pathNames, pathOf, sharedFiles, type Scope } from "../layers";
import { bootstrapParameters, inClusterServer } from "../root";
import { scopeExpressions, scopeVariable, type Admission, type Rule } from "./policy";

/** Name of the policy and of its binding; every refusal quotes it. */
export const policyName = "onebranch-identity";

const componentLabel = "onebranch.dev/component";

/** The value files that the Application of one component may name in this cluster; each may have a reference before it. */
export function valueFiles(scope: Scope, component: string): string[] {
  const files = [...layers.map(({ file }) => file), ...sharedFiles];
  const paths = groups.flatMap((group) =>
    files.map((file) => `/${pathOf(file, { ...pathNames(scope), component, group })}`),
  );
  return [...new Set(paths)];
}

/** Labels that say which cluster an Application belongs to. */
export function scopeLabels({ name, stage, region }: Scope): Record<string, string> {
  return { "onebranch.dev/stage": stage, "onebranch.dev/region": region, "onebranch.dev/cluster": name };
}

/** Labels that an Application must have to be let in. */
export function requiredLabels(scope: Scope, component: string): Record<string, string> {
  return { ...scopeLabels(scope), [componentLabel]: component };
}

const sourcesOf = (holder: string) =>
  `(has(${holder}.sources) ? ${holder}.sources : []) + (has(${holder}.source) ? [${holder}.source] : [])`;

const isLabelled = (label: string, value: string) =>
  `'${label}' in variables.labels && variables.labels['${label}'] == ${value}`;

/** True when every source with Helm options meets a condition on `s.helm`. */
const everyHelm = (condition: string) => `variables.sources.all(s, !has(s.helm) || (${condition}))`;

/** The path of a file, without the reference to the source that contains it. */
const plainFile = "(f.startsWith('$values/') ? f.substring(7) : f)";

function allowedFiles(): string {
  const inText = (expression: string) => `' + ${expression} + '`;
  const { name, stage, region } = scopeExpressions;
  const texts = { name: inText(name), stage: inText(stage), region: inText(region) };
  const files = valueFiles(texts, inText("object.metadata.name"));
  return `[${files.map((file) => `'${file}'`).join(", ")}]`;
}

const quoted = (texts: readonly string[]) => `[${texts.map((text) => `'${text}'`).join(", ")}]`;

const rules = {
  labels: {
    expression: Object.entries(scopeLabels(scopeExpressions))
      .map(([label, value]) => isLabelled(label, value))
      .join(" && "),
    message: "the labels onebranch.dev/stage, region and cluster must be those of this cluster",
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
  hydrator: {
    expression: "!has(object.spec.sourceHydrator)",
    message: "an Application names its sources itself: sourceHydrator is not allowed",
  },
  inline: {
    expression: everyHelm("!has(s.helm.values) && !has(s.helm.valuesObject) && !has(s.helm.fileParameters)"),
    message: "values belong into files of the tree: values, valuesObject and fileParameters are not allowed",
  },
  parameters: {
    expression: everyHelm(
      `!has(s.helm.parameters) || (object.metadata.name == 'bootstrap' && s.helm.parameters.all(p, has(p.name) && p.name in ${quoted(bootstrapParameters)}))`,
    ),
    message: `Helm parameters are for the Application bootstrap only, and of those ${bootstrapParameters.join(", ")}`,
  },
  files: {
    expression: everyHelm(`!has(s.helm.valueFiles) || s.helm.valueFiles.all(f, ${plainFile} in variables.files)`),
    message: "a value file is not one of this component's in this cluster",
    subject: `variables.sources.filter(s, has(s.helm) && has(s.helm.valueFiles)).map(s, s.helm.valueFiles.filter(f, !(${plainFile} in variables.files))).filter(files, files.size() > 0)[0][0]`,
  },
} satisfies Record<string, Rule>;

/**
 * Why the policy refuses an Application. A sync operation may have sources of its own; they are judged like those of the spec.
 * The API server evaluates it in the cluster, the renderer before a commit lands.
 */
export const admission: Admission = {
  variables: [
    { name: "labels", expression: "has(object.metadata.labels) ? object.metadata.labels : {}" },
    {
      name: "sources",
      expression: `${sourcesOf("object.spec")} + (has(object.operation) && has(object.operation.sync) ? ${sourcesOf("object.operation.sync")} : [])`,
    },
    { name: "files", expression: allowedFiles() },
  ],
  rules: Object.values(rules),
};

/** Why the policy of one cluster refuses an Application; each text is the exact message of one validation. */
export function refusals({ name, stage, region }: Scope): Record<keyof typeof rules, string> {
  const here = `, ${name} (stage ${stage}, region ${region})`;
  const texts = Object.entries(rules).map(([rule, { message }]) => [
    rule,
    rule === "labels" || rule === "files" ? message + here : message,
  ]);
  return Object.fromEntries(texts) as Record<keyof typeof rules, string>;
}

const hasSyncSource =
  "has(object.operation) && has(object.operation.sync) && (has(object.operation.sync.source) || has(object.operation.sync.sources))";

/**
 * The spec of the policy that keeps a cluster to its own stage, region and values, with the identity as literals.
 * Status writes and removals of finalizers pass: they change neither spec nor labels, and the CRD has no status
 * subresource.
 */
export function policySpec(here: Scope) {
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
        name: "spec-labels-or-operation-sources",
        expression: `!has(object.metadata.deletionTimestamp) && (request.operation == 'CREATE' || object.spec != oldObject.spec || (has(object.metadata.labels) ? object.metadata.labels : {}) != (has(oldObject.metadata.labels) ? oldObject.metadata.labels : {}) || (${hasSyncSource}))`,
      },
    ],
    variables: [scopeVariable(here), ...admission.variables],
    validations: admission.rules.map(({ expression }, index) => ({ expression, message: messages[index]! })),
  };
}
