import type { CheckInput, Deployment } from "../input";
import type { Report, Rule } from "../rule";
import { overlay, withDefaults } from "../../../tree/values/merge";
import { isMapping } from "../../../../model/mapping";
import { compileSchema, type Validate } from "../values/schema";
import { describeErrors, type SchemaFault } from "../values/schema-fault";
import { lineAt, type Step } from "../../../tree/values/yaml";

export const valuesSchema: Rule = {
  id: "values-schema",
  check(input, report) {
    const schemas = new Map<string, Validate | undefined>();
    const judged = new Set<string>();
    for (const { pin, pinPath, layers } of input.deployments) {
      if (pin.repo !== undefined || pin.kustomize) continue;
      const directory = `gitops/charts/${pin.chart}/${pin.version}`;
      if (!schemas.has(directory)) schemas.set(directory, readSchema(input, directory, report));
      const validate = schemas.get(directory);
      const key = [directory, ...layers].join("\n");
      if (!validate || judged.has(key)) continue;
      judged.add(key);
      const values = valuesOf(input, directory, layers);
      const errors = values === undefined ? undefined : validate(values);
      for (const fault of errors ? describeErrors(errors, `${pin.chart} ${pin.version}`) : []) {
        report.finding(
          placeOf(input, [`${directory}/values.yaml`, ...layers], fault, pinPath),
          fault.message,
          fault.fix,
        );
      }
    }
  },
};

/** Whether this rule finds that the values of an Application do not fit, in each of these clusters. */
export function refusesValues(input: CheckInput, application: string, clusters: readonly string[]): boolean {
  return clusters.every((name) => {
    const own = ({ cluster, component }: Deployment) => cluster.name === name && component.name === application;
    const found = input.deployments.find(own);
    if (found === undefined || found.pin.repo !== undefined || found.pin.kustomize) return false;
    const directory = `gitops/charts/${found.pin.chart}/${found.pin.version}`;
    const path = `${directory}/values.schema.json`;
    const validate = input.files.has(path) ? compileSchema(input.files.text(path)) : undefined;
    const values = valuesOf(input, directory, found.layers);
    return typeof validate === "function" && values !== undefined && validate(values) !== undefined;
  });
}

function readSchema(input: CheckInput, directory: string, report: Report): Validate | undefined {
  const path = `${directory}/values.schema.json`;
  if (!input.files.has(path)) return undefined;
  const schema = compileSchema(input.files.text(path));
  if (typeof schema === "function") return schema;
  const fix = "use a self-contained schema of draft 7, 2019-09 or 2020-12";
  if (schema.unsupported) report.notEvaluated({ file: path }, schema.fault, fix);
  else report.finding({ file: path }, `this schema cannot be used: ${schema.fault}`, fix);
  return undefined;
}

/** What the chart gets; undefined when a file has faults of its own. */
function valuesOf({ inventory, files }: CheckInput, directory: string, layers: readonly string[]): unknown {
  const defaultsPath = `${directory}/values.yaml`;
  const defaults = files.has(defaultsPath) ? inventory.valuesOf(defaultsPath) : {};
  const values = layers.map((layer) => inventory.valuesOf(layer));
  if (!defaults || !values.every(isMapping)) return undefined;
  return withDefaults(defaults, overlay(values));
}

/** Where the value was set last; for a missing value, where the mapping around it was set; the pin when neither is set. */
function placeOf({ files }: CheckInput, layers: readonly string[], { path, absent }: SchemaFault, pinPath: string) {
  const wanted = absent ? path.slice(0, -1) : path;
  for (let depth = wanted.length; depth > 0; depth--) {
    for (const file of layers.toReversed()) {
      const line = files.has(file) ? lineAt(files.yaml(file), numbered(wanted.slice(0, depth))) : undefined;
      if (line !== undefined) return { file, line };
    }
  }
  return { file: pinPath };
}

/** JSON pointers write the index of a list as text. */
function numbered(path: readonly Step[]): Step[] {
  return path.map((step) => (/^\d+$/.test(String(step)) ? Number(step) : step));
}
