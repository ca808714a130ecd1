import type { CheckInput } from "../input";
import { sourceOf, type Manifest, type Rendered } from "../evaluation";
import { isBuiltIn, type Schema } from "../kubernetes/api";
import { validateManifest, type ManifestFault } from "../kubernetes/validate";
import { versionedManifests } from "../kubernetes/versions";
import type { At, Report, Rule } from "../rule";

export const kubernetesSchema: Rule = {
  id: "kubernetes-schema",
  title:
    "A manifest does not fit the API of its cluster's Kubernetes version, or the definition of its custom resource.",
  why: "The API server refuses it, and the sync of its Application stops there.",
  fix: "Correct the field in the template, or the value that it prints.",
  severity: "error",
  needs: "manifests",
  async check(input, report) {
    const custom = customSchemas((await input.evaluated.manifests()).rendered);
    for (const { api, one, manifest } of await versionedManifests(input, report)) {
      const { apiVersion, kind, object } = manifest;
      const name = api.kinds[`${apiVersion} ${kind}`];
      const schema = name === undefined ? custom.get(`${apiVersion} ${kind}`) : api.definitions[name];
      if (schema) {
        const faults = validateManifest(object, schema, api.definitions);
        for (const fault of faults) reportFault(input, report, one, manifest, fault);
      } else if (!isBuiltIn(api, apiVersion) && !isArgo(apiVersion)) {
        const reason = `there is no definition of ${apiVersion} ${kind} in the tree`;
        report.notEvaluated(sourceOf(input.files, one, manifest.source), reason, "its fields were not checked");
      }
    }
  },
};

/** Argo CD's own kinds come with Argo CD; the renderer reads the ones of the tree itself. */
function isArgo(apiVersion: string): boolean {
  return apiVersion.startsWith("argoproj.io/");
}

function reportFault(
  { files }: CheckInput,
  report: Report,
  one: Rendered,
  { kind, name, source }: Manifest,
  fault: ManifestFault,
): void {
  const at = lineOf(files, sourceOf(files, one, source), fault);
  // The value of a Secret is nobody's to read here.
  const secret = kind === "Secret" && /data$/i.test(String(fault.path[0]));
  const message = secret ? "a value of its data does not fit" : fault.message;
  report.finding(at, `${kind} ${name} of ${one.application}: ${message}`, fault.fix);
}

/** The line of a template that writes the field, when only one does. */
function lineOf(files: CheckInput["files"], at: At, { path }: ManifestFault): At {
  const key = path.findLast((step) => typeof step === "string");
  if (key === undefined || !at.file.includes("/templates/")) return at;
  const lines = files.text(at.file).split("\n");
  const found = lines.flatMap((line, index) =>
    line.trimStart().replace(/^- /, "").startsWith(`${key}:`) ? [index] : [],
  );
  return found.length === 1 ? { ...at, line: found[0]! + 1 } : at;
}

/** Schemas of the custom resources that the tree itself defines, by `apiVersion Kind`. */
function customSchemas(rendered: readonly Rendered[]): Map<string, Schema> {
  const schemas = new Map<string, Schema>();
  for (const { kind, object } of rendered.flatMap(({ manifests }) => manifests)) {
    if (kind !== "CustomResourceDefinition") continue;
    const spec = (object.spec ?? {}) as {
      group?: string;
      names?: { kind?: string };
      versions?: { name?: string; schema?: { openAPIV3Schema?: Schema } }[];
    };
    for (const { name, schema } of spec.versions ?? []) {
      if (!schema?.openAPIV3Schema) continue;
      const { properties = {}, ...rest } = schema.openAPIV3Schema;
      // Every object has these, whether its definition lists them or not.
      const common: Record<string, Schema> = { apiVersion: {}, kind: {}, metadata: {} };
      schemas.set(`${spec.group}/${name} ${spec.names?.kind}`, { ...rest, properties: { ...properties, ...common } });
    }
  }
  return schemas;
}
