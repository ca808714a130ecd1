import { UserError } from "../../../model/errors";
import { compareText } from "../../../model/findings";
import { readPin } from "../../../model/pin";
import { formatPath, lineAt } from "./yaml";
import type { ApplicationSource, ExpandedApplication, RendererTree, TracedValue, ValuesAnswer } from "../renderer";
import type { OpenedTree } from "../open";
import { faultLine } from "./fault";
import { baseAt } from "../../../model/overlays";
import { overlaysOf } from "../overlays";
import { layerName } from "./layer-name";
import type { ExplainedValue, Origin } from "./explained";

/** An Application's values as Helm computes them, and everything that decides them. */
export interface Effective {
  /** Chart and version, for people. */
  chart: string;
  /** By key, sorted; lists and empty mappings are values as a whole. */
  values: ExplainedValue[];
  /** Nulls that removed a value. */
  removed: ExplainedValue[];
  /** All value files in order, also those that do not exist. */
  files: { layer: string; file: string; exists: boolean }[];
  /** Files whose values were read, the chart's own ones too; later ones win. */
  read: { layer: string; file: string }[];
  /** Charts inside the chart that these values switch off, by their key. */
  disabled: string[];
  /** Probed values that no manifest depends on. */
  unused: string[][];
  /** What could not be evaluated, as sentences. */
  notes: string[];
}

/**
 * The values of an Application, each with the file and line that set it.
 * @throws UserError when it is not a Helm chart, or does not render because of its values
 */
export async function effectiveValues(
  { renderer, tree }: OpenedTree,
  application: ExpandedApplication,
  probe: readonly (readonly string[])[] = [],
): Promise<Effective> {
  const { name, cluster, valueFiles } = application;
  const answer = await renderer.values(tree, cluster, name, probe);
  const broken = `${name} does not render in ${cluster} until this is mended`;
  if (!answer.chart) {
    throw new UserError(`${name} in ${cluster} is not a Helm chart; it has no values to explain`, { exitCode: 1 });
  }
  if (answer.faults.length > 0) {
    const lines = answer.faults.map(({ file, reason }) => {
      const entry = tree.files.entry(file);
      return faultLine(file, entry && renderer.checkout.blobs.get(entry.oid), reason);
    });
    throw new UserError([...lines, broken].join("\n"));
  }
  if (answer.reason !== undefined) throw new UserError(`${answer.reason}\n${broken}`);

  const layers = answer.layers.map(
    (layer) => factLayer(tree, application, layer) ?? imageLayer(tree, application, layer) ?? layerOf(layer, name),
  );
  const at = ({ value, layer: index, line: written }: { value: unknown; layer: number; line: number }): Origin => {
    const { file, layer, line = written } = layers[index]!;
    return { value, file, line, layer };
  };
  const explained = (found: readonly TracedValue[]): ExplainedValue[] =>
    found
      .map(({ path, overrides, ...origin }) => {
        const { value, file, line, layer } = at(origin);
        return { path, key: formatPath(path), value, file, line, layer, overrides: overrides.map(at) };
      })
      .sort((a, b) => compareText(a.key, b.key));
  return {
    chart: chartLabel(application),
    values: explained(answer.values),
    removed: explained(answer.removed),
    files: [
      ...valueFiles.map(({ path, exists }) => ({ layer: layerName(path), file: path, exists })),
      ...overlaysOf(application).map((path) => ({ layer: layerName(`${path}/`), file: path, exists: true })),
    ],
    read: layers.filter(({ line }) => line === undefined),
    disabled: answer.disabled,
    unused: answer.unused,
    notes:
      answer.missing === undefined
        ? []
        : [`not evaluated, so the defaults of the chart are left out: ${answer.missing}`],
  };
}

interface FoundLayer {
  layer: string;
  file: string;
  /** The line that makes it, where it is not a file of values. */
  line?: number;
}

/** The line of a pin that makes a Helm parameter, and the fact that it hands on. */
function factLayer(
  { files }: RendererTree,
  { origins }: ExpandedApplication,
  { kind, name = "" }: ValuesAnswer["layers"][number],
): FoundLayer | undefined {
  if (kind !== "parameter") return undefined;
  for (const path of [...origins].reverse()) {
    const yaml = files.yaml(path);
    const line = yaml && lineAt(yaml, ["facts", name]);
    const fact = yaml && readPin(yaml).value?.facts?.[name];
    if (line !== undefined && fact !== undefined) return { layer: `fact ${fact}`, file: path, line };
  }
  return undefined;
}

/** The line of the pin with the image that Kustomize gets: of a cluster, a ring or the stage. */
function imageLayer(
  { files }: RendererTree,
  { origins }: ExpandedApplication,
  { kind }: ValuesAnswer["layers"][number],
): FoundLayer | undefined {
  if (kind !== "image") return undefined;
  for (const path of [...origins].reverse()) {
    const yaml = files.yaml(path);
    const line = yaml && (lineAt(yaml, ["image", "digest"]) ?? lineAt(yaml, ["image", "tag"]));
    if (line !== undefined) return { layer: layerName(path), file: path, line };
  }
  return undefined;
}

function layerOf({ kind, file }: ValuesAnswer["layers"][number], application: string): FoundLayer {
  switch (kind) {
    case "chart":
      return { layer: "chart", file: file ?? "" };
    case "file":
      return { layer: layerName(file ?? ""), file: file ?? "" };
    case "inline":
      return { layer: "inline values", file: `Application ${application}` };
    case "image":
      return { layer: "image", file: `Application ${application}` };
    case "parameter":
      return { layer: "parameter", file: `Application ${application}` };
  }
}

/** Chart and version of an Application, as people write them. */
function chartLabel(application: ExpandedApplication): string {
  const main = mainSource(application);
  if (main?.chart !== undefined) return `${main.chart} ${main.targetRevision} of ${main.repoURL}`;
  const base = baseAt(main?.path ?? "");
  if (base) return `${base.component} ${base.version}, its own base`;
  const [, ours] = /^gitops\/charts\/(.+)$/.exec(main?.path ?? "") ?? [];
  return (ours ?? main?.path ?? "").replace("/", " ");
}

/** The source of the chart; the others give it files, or require files. */
export function mainSource({ application: { spec } }: ExpandedApplication): ApplicationSource | undefined {
  const sources: ApplicationSource[] = spec.sources ?? (spec.source ? [spec.source] : []);
  return sources.find(({ ref, path, chart }) => ref === undefined || path !== undefined || chart !== undefined);
}
