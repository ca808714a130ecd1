import type { Manifest } from "../../gitops/helm";

/** Resources of the API server by kind. */
const plurals: Record<string, string> = {
  ...{ Pod: "pods", Service: "services", DaemonSet: "daemonsets", Deployment: "deployments" },
  ...{ StatefulSet: "statefulsets", CronJob: "cronjobs", Job: "jobs", Rollout: "rollouts" },
};

interface Source {
  failurePolicy: string;
  variables?: { name: string; expression: string }[];
  validations: object[];
}

/**
 * The templates and constraints of Gatekeeper as admission policies: both give CEL to the same engine, under the names
 * `variables.anyObject` and `variables.params`. So an API server can be asked where no Gatekeeper runs.
 */
export function asAdmissionPolicies(manifests: readonly Manifest[]): object[] {
  const templates = manifests.filter(({ kind }) => kind === "ConstraintTemplate");
  return templates.flatMap((template) => {
    const { crd, targets } = template.spec as {
      crd: { spec: { names: { kind: string } } };
      targets: { code: { source: Source }[] }[];
    };
    const { failurePolicy, variables = [], validations } = targets[0]!.code[0]!.source;
    const constraint = manifests.find(({ kind }) => kind === crd.spec.names.kind)!;
    const { match, parameters = {} } = constraint.spec as {
      match: { kinds: { apiGroups: string[]; kinds: string[] }[]; namespaceSelector: object };
      parameters?: object;
    };
    const { name } = template.metadata;
    const api = { apiVersion: "admissionregistration.k8s.io/v1", metadata: { name } };
    return [
      {
        ...{ ...api, kind: "ValidatingAdmissionPolicy" },
        spec: {
          failurePolicy,
          matchConstraints: {
            namespaceSelector: match.namespaceSelector,
            resourceRules: match.kinds.map(({ apiGroups, kinds }) => ({
              ...{ apiGroups, apiVersions: ["*"], operations: ["CREATE", "UPDATE"] },
              resources: kinds.map((kind) => plurals[kind]!),
            })),
          },
          // JSON is CEL as well.
          variables: [
            { name: "anyObject", expression: "object" },
            { name: "params", expression: JSON.stringify(parameters) },
            ...variables,
          ],
          validations,
        },
      },
      {
        ...{ ...api, kind: "ValidatingAdmissionPolicyBinding" },
        spec: { policyName: name, validationActions: ["Deny"] },
      },
    ];
  });
}

/** What Gatekeeper brings: the kind of templates, and the kind that it makes of each. Any field is taken. */
export function gatekeeperKinds(constraints: readonly string[]): object[] {
  const definition = (group: string, version: string, kind: string, plural: string) => ({
    ...{
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `${plural}.${group}` },
    },
    spec: {
      ...{ group, scope: "Cluster", names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` } },
      versions: [
        {
          ...{ name: version, served: true, storage: true, subresources: { status: {} } },
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  });
  return [
    definition("templates.gatekeeper.sh", "v1", "ConstraintTemplate", "constrainttemplates"),
    ...constraints.map((kind) => definition("constraints.gatekeeper.sh", "v1beta1", kind, kind.toLowerCase())),
  ];
}
