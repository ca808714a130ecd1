import type { Identity } from "../../model/identity";
import { bootstrapParameters, inClusterServer } from "../../model/root";

/** Name of the policy and of its binding; it stands in every refusal. */
export const policyName = "onebranch-identity";

/** The part of an identity that the tree's paths and labels are made of. */
export type Place = Pick<Identity, "name" | "stage" | "region">;

/**
 * The value files that the Application of one component may name in this cluster, as an anchored expression that CEL (RE2)
 * and JavaScript read the same way. Names are DNS labels, so nothing in them is special.
 */
export function valueFilePattern(place: Place, component: string): string {
  const own = `(addons|apps)/${component}/(values|stages/${place.stage}/(pin|values)|regions/${place.region})`;
  const cluster = `clusters/${place.name}/(cluster|(values|pins)/${component})`;
  return `^(\\$values)?/gitops/(${own}|${cluster}|stages/${place.stage}|regions/${place.region})\\.yaml$`;
}

/** Why the policy refuses an Application; each is the exact message of one validation. */
export function refusals(place: Place) {
  const here = `${place.name} (stage ${place.stage}, region ${place.region})`;
  return {
    labels: `the labels onebranch.dev/stage, region and cluster must be those of this cluster, ${here}`,
    component: "the label onebranch.dev/component must be the Application's name, a DNS label",
    destination: `an Application deploys to its own cluster only: destination.server must be ${inClusterServer}`,
    project:
      "an Application names a project of its own: not default, and bootstrap is for the Application bootstrap only",
    hydrator: "an Application names its sources itself: sourceHydrator is not allowed",
    inline: "values stand in files of the tree: values, valuesObject and fileParameters are not allowed",
    parameters: `Helm parameters are for the Application bootstrap only, and of those ${bootstrapParameters.join(", ")}`,
    files: `a value file is not one of this component's in this cluster, ${here}`,
  };
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
      expression:
        "has(object.metadata.name) && object.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$') && 'onebranch.dev/component' in variables.labels && variables.labels['onebranch.dev/component'] == object.metadata.name",
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
        expression: `{'onebranch.dev/stage': '${place.stage}', 'onebranch.dev/region': '${place.region}', 'onebranch.dev/cluster': '${place.name}'}`,
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
