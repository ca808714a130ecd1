import { resolve } from "node:path";
import { UserError } from "../../model/errors";
import { placeOf, type Place } from "../check/source/places";
import { cacheRoot } from "../engine/binary";
import type { ApplicationSource, ExpandedApplication } from "../engine";
import type { Session } from "../render/session";
import { readPackedChart } from "./archive";
import type { Layer } from "./merge";
import { inlineLayers } from "./parameters";
import { readSource } from "./source";

/** Everything that decides an Application's values. */
export interface Layers {
  /** Chart and version, for people. */
  chart: string;
  /** Of the chart and of the charts inside it, lowest first. */
  defaults: Layer[];
  /** Later wins. */
  layers: Layer[];
  /** All value files in order, also those that do not exist. */
  files: { layer: string; file: string; exists: boolean }[];
  /** What could not be evaluated, as sentences. */
  notes: string[];
}

export interface ChartPlaces {
  /** Directory of `--charts`. */
  charts?: string | undefined;
  /** The tool's cache. */
  cache: string;
}

export function chartPlaces(
  io: { env: Readonly<Record<string, string | undefined>>; cwd: string },
  charts: string | undefined,
): ChartPlaces {
  return { charts: charts === undefined ? undefined : resolve(io.cwd, charts), cache: cacheRoot(io.env) };
}

/**
 * Reads the value files of an Application in Helm's order.
 * @throws UserError when one of them cannot be read: the Application does not render then either
 */
export function readLayers(session: Session, application: ExpandedApplication, places: ChartPlaces): Layers {
  const { spec } = application.application;
  const sources = spec.sources ?? (spec.source ? [spec.source] : []);
  const main = sources.find(({ ref, chart, helm }) => chart !== undefined || helm !== undefined || ref === undefined);
  const { name, cluster } = application;
  if (main === undefined || !isHelm(session, main)) {
    throw new UserError(`${name} in ${cluster} is no Helm chart; it has no values to explain`, { exitCode: 1 });
  }
  const faults: string[] = [];
  const read = (layer: string, file: string): Layer[] => {
    const content = contentOf(session, file);
    if (content === undefined) return [];
    const { root, fault } = readSource(file, content);
    if (fault) faults.push(`${file}:${fault.line}: ${fault.message}`);
    return root ? [{ name: layer, file, root }] : [];
  };
  const files = application.valueFiles.map(({ path, exists }) => ({
    layer: layerName(placeOf(path)),
    file: path,
    exists,
  }));
  const layers = files.filter(({ exists }) => exists).flatMap(({ layer, file }) => read(layer, file));
  for (const { name: layer, root } of inlineLayers(main.helm ?? {})) {
    layers.push({ name: layer, file: `Application ${name}`, root });
  }
  const { defaults, notes } =
    main.chart === undefined
      ? { defaults: chartDefaults(session, main.path ?? "", read), notes: [] }
      : packed(main, places);
  if (faults.length > 0) {
    throw new UserError([...faults, `${name} does not render in ${cluster} until this is mended`].join("\n"));
  }
  return { chart: chartLabel(main), defaults, layers, files, notes };
}

function isHelm(session: Session, source: ApplicationSource): boolean {
  return source.chart !== undefined || session.tree.tree.entry(`${source.path}/Chart.yaml`) !== undefined;
}

/** The bytes of a file of the tree. */
export function contentOf({ engine, tree }: Session, path: string): Buffer | undefined {
  const entry = tree.tree.entry(path);
  return entry && engine.blobs.get(entry.oid);
}

/** A chart's own values over those of the charts inside it, each under its name. */
function chartDefaults(session: Session, path: string, read: (layer: string, file: string) => Layer[]): Layer[] {
  const inside = new RegExp(`^${path.replace(/[.*+?^$()[\]{}|\\]/g, "\\$&")}/charts/([^/]+)/values\\.yaml$`);
  const below = session.tree.tree.entries.flatMap(({ path: file }) => {
    const name = inside.exec(file)?.[1];
    if (name === undefined) return [];
    return read("chart", file).map((layer) => {
      const { root } = layer;
      return { ...layer, root: { value: { [name]: root.value }, line: 1, children: new Map([[name, root]]) } };
    });
  });
  return [...below, ...read("chart", `${path}/values.yaml`)];
}

function packed(source: ApplicationSource, places: ChartPlaces): { defaults: Layer[]; notes: string[] } {
  const content = readPackedChart(source, "values.yaml", places);
  const label = `${source.chart}-${source.targetRevision}`;
  const { root } = content === undefined ? { root: undefined } : readSource("values.yaml", content);
  if (root) return { defaults: [{ name: "chart", file: `${label}.tgz/values.yaml`, root }], notes: [] };
  const note = `not evaluated: the defaults of the chart ${source.chart} ${source.targetRevision} of ${source.repoURL} are not at hand; put ${label}.tgz into the directory of --charts`;
  return { defaults: [], notes: [note] };
}

function chartLabel({ chart, path, targetRevision, repoURL }: ApplicationSource): string {
  if (chart !== undefined) return `${chart} ${targetRevision} of ${repoURL}`;
  const [, ours] = /^gitops\/charts\/(.+)$/.exec(path ?? "") ?? [];
  return (ours ?? path ?? "").replace("/", " ");
}

/** What people call the layer that a file of the tree is. */
export function layerName(place: Place): string {
  switch (place.kind) {
    case "component-values":
      return "component";
    case "stage-values":
    case "stage":
      return "stage";
    case "region-values":
    case "region":
      return "region";
    case "cluster-values":
    case "cluster":
      return "cluster";
    case "cluster-pin":
      return "cluster pin";
    case "pin":
    case "chart":
      return place.kind;
    case "bootstrap":
    case "exceptions":
    case "readme":
    case "stray":
      return "file";
  }
}
