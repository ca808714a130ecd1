import type { KubernetesObject } from "../../../tree/renderer";
import type { At } from "../at";
import { joinClusters, nameClusters, sourceOf, type Manifest, type Rendered } from "../evaluation";
import { isBuiltIn, type Schema } from "../kubernetes/api";
import { isNameless, reportFault, type ManifestFault } from "../kubernetes/fault";
import { validateManifest } from "../kubernetes/validate";
import { versionedManifests } from "../kubernetes/versions";
import type { Rule } from "../rule";

export const kubernetesSchema: Rule = {
  id: "kubernetes-schema",
  needs: "manifests",
  async check(input, report) {
    const unknown: { at: At; place: string; clusters: string[] }[] = [];
    const custom = customSchemas((await input.evaluated.manifests()).rendered);
    for (const { api, one, manifest, clusters } of await versionedManifests(input, report)) {
      const { apiVersion, kind, object, source } = manifest;
      if (isNameless(object)) reportFault(input.files, report, one, manifest, nameless);
      const place = `${apiVersion} ${kind}`;
      const name = api.kinds[place];
      if (name === undefined && (isBuiltIn(api, apiVersion) || isArgo(apiVersion))) continue;
      const own =
        name === undefined ? clusters.map((cluster) => custom.get(cluster)?.get(place)) : [api.definitions[name]];
      for (const schema of new Set(own)) {
        const faults = schema ? validateManifest(object, schema, api.definitions) : [];
        for (const fault of faults) reportFault(input.files, report, one, manifest, withoutSecret(manifest, fault));
      }
      const without = clusters.filter((_, index) => name === undefined && own[index] === undefined);
      if (without.length > 0) unknown.push({ at: sourceOf(input.files, one, source), place, clusters: without });
    }
    // One for each file that makes objects of a kind, however much they differ by cluster.
    for (const { at, place, clusters } of joinClusters(unknown, (one) => `${one.at.file} ${one.place}`)) {
      const reason = `nothing in the tree defines ${place} in ${nameClusters([...new Set(clusters)])}`;
      report.notEvaluated(at, reason, "its fields were not checked");
    }
  },
};

/** The API's schema does not ask for a name; the API server does. */
const nameless: ManifestFault = {
  path: ["metadata", "name"],
  message: "metadata.name is missing",
  fix: "add it: the API asks for it",
};

/** Argo CD's own kinds come with Argo CD; the renderer itself reads those in the tree. */
function isArgo(apiVersion: string): boolean {
  return apiVersion.startsWith("argoproj.io/");
}

/** The value of a Secret must not be printed. */
function withoutSecret({ kind }: Manifest, fault: ManifestFault): ManifestFault {
  const secret = kind === "Secret" && /data$/i.test(String(fault.path[0]));
  return secret ? { ...fault, message: "a value of its data does not fit" } : fault;
}

/** Schemas of the custom resources that Applications of a cluster define, by cluster and `apiVersion Kind`. */
function customSchemas(rendered: readonly Rendered[]): Map<string, Map<string, Schema>> {
  const byCluster = new Map<string, Map<string, Schema>>();
  for (const { clusters, manifests } of rendered) {
    const found = manifests.flatMap(({ kind, object }) =>
      kind === "CustomResourceDefinition"
        ? schemasOf(object)
        : kind === "ConstraintTemplate"
          ? constraintOf(object)
          : [],
    );
    for (const cluster of found.length > 0 ? clusters : []) {
      const known = byCluster.get(cluster) ?? new Map<string, Schema>();
      byCluster.set(cluster, known);
      for (const [place, schema] of found) known.set(place, schema);
    }
  }
  return byCluster;
}

function schemasOf(definition: KubernetesObject): [place: string, schema: Schema][] {
  const spec = (definition.spec ?? {}) as {
    group?: string;
    names?: { kind?: string };
    versions?: { name?: string; schema?: { openAPIV3Schema?: Schema } }[];
  };
  return (spec.versions ?? []).flatMap(({ name, schema }) => {
    if (!schema?.openAPIV3Schema) return [];
    const { properties = {}, ...rest } = schema.openAPIV3Schema;
    // Every object has these, whether its definition lists them or not.
    const common: Record<string, Schema> = { apiVersion: {}, kind: {}, metadata: {} };
    return [[`${spec.group}/${name} ${spec.names?.kind}`, { ...rest, properties: { ...properties, ...common } }]];
  });
}

/** The kind that Gatekeeper makes of a constraint template: its parameters are the template's, the rest is the same for all. */
function constraintOf({ spec }: KubernetesObject): [place: string, schema: Schema][] {
  const { names, validation } =
    (spec as { crd?: { spec?: { names?: { kind?: string }; validation?: { openAPIV3Schema?: Schema } } } } | undefined)
      ?.crd?.spec ?? {};
  if (names?.kind === undefined) return [];
  const free: Schema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  const properties: Record<string, Schema> = {
    enforcementAction: { type: "string" },
    match: free,
    parameters: validation?.openAPIV3Schema ?? free,
    scopedEnforcementActions: { type: "array", items: free },
  };
  const common: Record<string, Schema> = { apiVersion: {}, kind: {}, metadata: {} };
  const schema: Schema = { type: "object", properties: { ...common, spec: { type: "object", properties } } };
  return [[`constraints.gatekeeper.sh/v1beta1 ${names.kind}`, schema]];
}
