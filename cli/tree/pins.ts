import type { YamlFile } from "../../model/document";
import { UserError } from "../../model/errors";
import { TreeFiles } from "../../model/files";
import type { Finding } from "../../model/findings";
import { ignoredWords } from "../../model/ignore-differences";
import { groups, type Group } from "../../model/layers";
import { readClusterPin, readPin, type Checked, type ClusterPin, type Image, type Pin } from "../../model/pin";
import { approversOf } from "../../model/stage";
import { readTree } from "../../model/tree";
import type { TreeSource } from "../../model/tree-source";
import type { Step } from "./step";

/** A pin file and its content; a file without a pin has faults. */
export interface PinFile<P = Pin> {
  path: string;
  text: string;
  pin?: P;
  findings: Finding[];
}

/** A values file and its content. */
export interface ValuesFile {
  path: string;
  text: string;
}

/** The files of an overlay by their path in it, with their text. */
export type OverlayFiles = ReadonlyMap<string, string>;

/** What a ring has of a component, while something is on its way through the stage. */
export interface RingFiles {
  pin?: PinFile;
  values?: ValuesFile;
  overlay?: OverlayFiles;
}

export interface PinnedComponent {
  name: string;
  group: Group;
  directory: string;
  /** By stage. */
  pins: Map<string, PinFile>;
  /** The values of the stages that have rings, by stage. */
  values: Map<string, ValuesFile>;
  /** The overlays of the stages, by stage. */
  overlays: Map<string, OverlayFiles>;
  /** By stage, then by ring, in the order of the rings; a ring without files is not there. */
  rings: Map<string, Map<string, RingFiles>>;
  /** By cluster. */
  own: Map<string, PinFile<ClusterPin>>;
}

export interface Pins {
  /** In promotion order. */
  stages: string[];
  /** The rings of each stage, in their order; empty where it has none. */
  rings: Map<string, string[]>;
  /** Who approves a promotion to a step. */
  approvers(step: Step): string[];
  /** By name, sorted. */
  components: PinnedComponent[];
}

/**
 * Reads every pin of a tree.
 * @throws UserError when the stages have faults: then there is no order to promote in
 */
export function readPins(source: TreeSource): Pins {
  const { stages, findings } = readTree(source);
  const broken = findings.filter(({ file }) => file.startsWith("gitops/stages"));
  if (broken.length > 0) throw UserError.of(broken);
  const files = new TreeFiles(source);
  const components = new Map<string, PinnedComponent>();
  for (const group of groups) {
    for (const { name, path: directory } of files.directories(`gitops/${group}`)) {
      const pins = new Map<string, PinFile>();
      const overlays = new Map<string, OverlayFiles>();
      for (const stage of files.directories(`${directory}/stages`)) {
        const overlay = overlayFiles(source, stage.path);
        if (overlay) overlays.set(stage.name, overlay);
        const path = `${stage.path}/pin.yaml`;
        if (files.entry(stage.path, "pin.yaml")?.kind === "file") pins.set(stage.name, pinFile(source, path, readPin));
      }
      const rings = new Map<string, Map<string, RingFiles>>();
      const values = new Map<string, ValuesFile>();
      for (const stage of [...stages.values()].filter((one) => one.rings.length > 0)) {
        const at = `${directory}/stages/${stage.name}`;
        const ofStage = valuesFile(source, `${at}/values.yaml`);
        if (ofStage) values.set(stage.name, ofStage);
        const found = stage.rings.flatMap((ring) => {
          const files = ringFiles(source, `${at}/rings/${ring}`);
          return files ? [[ring, files] as const] : [];
        });
        rings.set(stage.name, new Map(found));
      }
      components.set(name, { name, group, directory, pins, values, overlays, rings, own: new Map() });
    }
  }
  for (const cluster of files.directories("gitops/clusters")) {
    for (const { base, path } of files.yamlFiles(`${cluster.path}/pins`)) {
      components.get(base)?.own.set(cluster.name, pinFile(source, path, readClusterPin));
    }
  }
  const sorted = [...components].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, component]) => component);
  return {
    stages: [...stages.keys()],
    rings: new Map([...stages.values()].map(({ name, rings }) => [name, rings])),
    approvers({ stage, ring }) {
      const found = stages.get(stage);
      return found === undefined ? [] : approversOf(found, ring);
    },
    components: sorted,
  };
}

function ringFiles(source: TreeSource, directory: string): RingFiles | undefined {
  const path = `${directory}/pin.yaml`;
  const values = valuesFile(source, `${directory}/values.yaml`);
  const pin = source.find(path)?.kind === "file" ? pinFile(source, path, readPin) : undefined;
  const overlay = overlayFiles(source, directory);
  if (!pin && !values && !overlay) return undefined;
  return { ...(pin && { pin }), ...(values && { values }), ...(overlay && { overlay }) };
}

/** The overlay of a stage or of a ring; undefined where there is none. */
function overlayFiles(source: TreeSource, of: string): OverlayFiles | undefined {
  const directory = `${of}/overlay`;
  if (source.find(directory)?.kind !== "directory") return undefined;
  const files = source.below(directory).filter(({ kind }) => kind === "file");
  return new Map(files.map(({ path }) => [path.slice(directory.length + 1), source.text(path) ?? ""]));
}

function valuesFile(source: TreeSource, path: string): ValuesFile | undefined {
  const text = source.text(path);
  return text === undefined ? undefined : { path, text };
}

function pinFile<P>(source: TreeSource, path: string, read: (file: YamlFile) => Checked<P>): PinFile<P> {
  const { value, findings } = read(source.yaml(path)!);
  return { path, text: source.text(path)!, ...(value === undefined ? {} : { pin: value }), findings };
}

/** `1.1.0, 6.9.2`: what a pin pins; with the chart's name only when it differs from the component's. */
export function pinWords({ component, chart, version, image }: Partial<Pin>): string {
  const chartName = chart === undefined || chart === component ? "" : `${chart} `;
  return [version === undefined ? "" : `${chartName}${version}`, imageWords(image)]
    .filter((part) => part !== "")
    .join(", ");
}

function imageWords(image: Image | undefined): string {
  return image?.digest?.slice(0, "sha256:".length + 12) ?? image?.tag ?? "";
}

/** One key of a pin that differs between two stages; a side that lacks the key has no value. */
export interface PinChange {
  key: string;
  from?: string;
  to?: string;
}

/** What differs between two pins, by dotted key. */
export function pinChanges(from: Pin | undefined, to: Pin): PinChange[] {
  const before = flat(from);
  const after = flat(to);
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  return keys.flatMap((key) => {
    const [old, now] = [before.get(key), after.get(key)];
    return old === now ? [] : [{ key, ...(old !== undefined && { from: old }), ...(now !== undefined && { to: now }) }];
  });
}

/** Dotted keys of a pin that another pin does not have. */
export function lackingKeys(pin: Pin, of: Pin): string[] {
  const own = flat(pin);
  return [...flat(of).keys()].filter((key) => !own.has(key));
}

/** A pin's values by dotted key; a list is one text. */
function flat(pin: Pin | undefined): Map<string, string> {
  const { image = {}, facts = {}, ignoreDifferences, ...rest } = pin ?? ({} as Partial<Pin>);
  const within = (key: string, mapping: object) =>
    Object.entries(mapping).map(([inner, value]) => [`${key}.${inner}`, String(value)] as const);
  return new Map([
    ...Object.entries(rest).map(([key, value]) => [key, String(value)] as const),
    ...within("facts", facts),
    ...(ignoreDifferences ? [["ignoreDifferences", ignoreDifferences.map(ignoredWords).join("; ")] as const] : []),
    ...within("image", image),
  ]);
}
