import { groups, layers, pathNames, pathOf, sharedFiles, type Place } from "./layers";
import { bootstrapParameters, inClusterServer } from "./root";

/** Name of the policy and of its binding; it stands in every refusal. */
export const policyName = "onebranch-identity";

const componentLabel = "onebranch.dev/component";

/**
 * The value files that the Application of one component may name in this cluster, as an anchored expression that CEL (RE2)
 * and JavaScript read the same way. Names are DNS labels, so nothing in them is special.
 */
export function valueFilePattern(place: Place, component: string): string {
  const names = { ...pathNames(place), component, group: `(${groups.join("|")})` };
  const paths = allowedFiles.map((file) => pathOf(file.replace(/\./g, "\\."), names).split("/"));
  return `^(\\$values)?/${oneOfPaths(paths)}$`;
}

/** An expression for any of some paths; what they have in common stands once, since the API server bounds its length. */
function oneOfPaths(paths: readonly (readonly string[])[]): string {
  const below = new Map<string, string[][]>();
  for (const [first = "", ...rest] of paths) below.set(first, [...(below.get(first) ?? []), rest]);
  const parts = [...below].map(([first, rests]) => (rests[0]!.length === 0 ? first : `${first}/${oneOfPaths(rests)}`));
  return parts.length === 1 ? parts[0]! : `(${parts.join("|")})`;
}

/** The same value files one by one; `component` stands in the paths as it is given. A reference may stand before each. */
export function valueFiles(place: Place, component: string): string[] {
  const paths = groups.flatMap((group) =>
    allowedFiles.map((file) => `/${pathOf(file, { ...pathNames(place), component, group })}`),
  );
  return [...new Set(paths)];
}

const allowedFiles = [...layers.map(({ file }) => file), ...sharedFiles];

/** Why the policy refuses an Application, without saying where. */
const reasons = {
  labels: "the labels onebranch.dev/stage, region and cluster must be those of this cluster",
  component: `the label ${componentLabel} must be the Application's name, a DNS label`,
  destination: `an Application deploys to its own cluster only: destination.server must be ${inClusterServer}`,
  project:
    "an Application names a project of its own: not default, and bootstrap is for the Application bootstrap only",
  hydrator: "an Application names its sources itself: sourceHydrator is not allowed",
  inline: "values stand in files of the tree: values, valuesObject and fileParameters are not allowed",
  parameters: `Helm parameters are for the Application bootstrap only, and of those ${bootstrapParameters.join(", ")}`,
  files: "a value file is not one of this component's in this cluster",
};

/** Why the policy refuses an Application; each is the exact message of one validation. */
export function refusals(place: Place): typeof reasons {
  const here = `${place.name} (stage ${place.stage}, region ${place.region})`;
  return { ...reasons, labels: `${reasons.labels}, ${here}`, files: `${reasons.files}, ${here}` };
}

/** The policy as data: with it the renderer says before a commit lands what the API server would refuse. */
export interface Admission {
  /** Labels that every Application must have. */
  labels: Record<string, string>;
  /** The label that holds the Application's name. */
  componentLabel: string;
  /** The one server to deploy to. */
  server: string;
  /** The Application, and the project of its own, that Pulumi makes. */
  bootstrap: string;
  /** The Helm parameters that it may have. */
  parameters: readonly string[];
  /** Value files that an Application may name; `{component}` in them is its name. */
  valueFiles: string[];
  reasons: typeof reasons;
}

export function admission(place: Place): Admission {
  return {
    labels: placeLabels(place),
    componentLabel,
    server: inClusterServer,
    bootstrap: "bootstrap",
    parameters: bootstrapParameters,
    valueFiles: valueFiles(place, "{component}"),
    reasons,
  };
}

function placeLabels({ name, stage, region }: Place): Record<string, string> {
  return { "onebranch.dev/stage": stage, "onebranch.dev/region": region, "onebranch.dev/cluster": name };
}

/** One validation of a ValidatingAdmissionPolicy. */
export interface Validation {
  expression: string;
  message: string;
}

const sourcesOf = (holder: string) =>
  `(has(${holder}.sources) ? ${holder}.sources : []) + (has(${holder}.source) ? [${holder}.source] : [])`;

const hasSyncSource =
  "has(object.operation) && has(object.operation.sync) && (has(object.operation.sync.source) || has(object.operation.sync.sources))";

/**
 * The spec of the policy that keeps a cluster to its own stage, region and values, with the identity as literals.
 * Status writes and removals of finalizers pass: they change neither spec nor labels, and the CRD has no status
 * subresource. A sync operation may bring sources of its own, so those are judged like the spec's.
 */
export function policySpec(place: Place) {
  const say = refusals(place);
  const text = (value: string) => `r'${value}'`;
  const component = "\u0000";
  const pattern = valueFilePattern(place, component).split(component).map(text).join(" + object.metadata.name + ");
  const helms = (condition: string) => `variables.sources.all(s, !has(s.helm) || ${condition})`;
  const parameters = `['${bootstrapParameters.join("', '")}']`;
  const validations: Validation[] = [
    {
      expression: "variables.want.all(k, k in variables.labels && variables.labels[k] == variables.want[k])",
      message: say.labels,
    },
    {
      expression: `has(object.metadata.name) && object.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$') && '${componentLabel}' in variables.labels && variables.labels['${componentLabel}'] == object.metadata.name`,
      message: say.component,
    },
    {
      expression: `has(object.spec.destination.server) && object.spec.destination.server == '${inClusterServer}' && (!has(object.spec.destination.name) || object.spec.destination.name == '')`,
      message: say.destination,
    },
    {
      expression:
        "!(object.spec.project in ['', 'default']) && (object.spec.project == 'bootstrap') == (object.metadata.name == 'bootstrap')",
      message: say.project,
    },
    { expression: "!has(object.spec.sourceHydrator)", message: say.hydrator },
    {
      expression: helms("(!has(s.helm.values) && !has(s.helm.valuesObject) && !has(s.helm.fileParameters))"),
      message: say.inline,
    },
    {
      expression: helms(
        `!has(s.helm.parameters) || (object.metadata.name == 'bootstrap' && s.helm.parameters.all(p, has(p.name) && p.name in ${parameters}))`,
      ),
      message: say.parameters,
    },
    {
      expression: helms("!has(s.helm.valueFiles) || s.helm.valueFiles.all(f, f.matches(variables.file))"),
      message: say.files,
    },
  ];
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
    variables: [
      { name: "labels", expression: "has(object.metadata.labels) ? object.metadata.labels : {}" },
      {
        name: "want",
        expression: `{${Object.entries(placeLabels(place))
          .map(([label, value]) => `'${label}': '${value}'`)
          .join(", ")}}`,
      },
      {
        name: "sources",
        expression: `${sourcesOf("object.spec")} + (has(object.operation) && has(object.operation.sync) ? ${sourcesOf("object.operation.sync")} : [])`,
      },
      { name: "file", expression: pattern },
    ],
    validations,
  };
}
