import { isDeepStrictEqual } from "node:util";
import type { YamlFile } from "../../model/document";
import { UserError } from "../../model/errors";
import { TreeFiles } from "../../model/files";
import type { Finding } from "../../model/findings";
import { groups, type Group } from "../../model/layers";
import { readClusterPin, readPin, type Checked, type ClusterPin, type Image, type Pin } from "../../model/pin";
import { readTree } from "../../model/tree";
import type { TreeSource } from "../../model/tree-source";

/** A pin file and its content; a file without a pin has faults. */
export interface PinFile<P = Pin> {
  path: string;
  text: string;
  pin?: P;
  findings: Finding[];
}

export interface PinnedComponent {
  name: string;
  group: Group;
  directory: string;
  /** By stage. */
  pins: Map<string, PinFile>;
  /** By cluster. */
  own: Map<string, PinFile<ClusterPin>>;
}

export interface Pins {
  /** In promotion order. */
  stages: string[];
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
      for (const stage of files.directories(`${directory}/stages`)) {
        const path = `${stage.path}/pin.yaml`;
        if (files.entry(stage.path, "pin.yaml")?.kind === "file") pins.set(stage.name, pinFile(source, path, readPin));
      }
      components.set(name, { name, group, directory, pins, own: new Map() });
    }
  }
  for (const cluster of files.directories("gitops/clusters")) {
    for (const { base, path } of files.yamlFiles(`${cluster.path}/pins`)) {
      components.get(base)?.own.set(cluster.name, pinFile(source, path, readClusterPin));
    }
  }
  const sorted = [...components].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, component]) => component);
  return { stages: [...stages.keys()], components: sorted };
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

function flat(pin: Pin | undefined): Map<string, string> {
  const { image, ...rest } = pin ?? ({} as Partial<Pin>);
  const images = Object.entries(image ?? {}).map(([key, value]) => [`image.${key}`, String(value)] as const);
  return new Map([...Object.entries(rest).map(([key, value]) => [key, String(value)] as const), ...images]);
}

/** Stages whose pin differs from that of the stage before, when both are valid. */
export function promotable({ stages }: Pins, { pins }: PinnedComponent): string[] {
  return stages.filter((stage, index) => {
    const [here, before] = [pins.get(stage)?.pin, pins.get(stages[index - 1] ?? "")?.pin];
    return here !== undefined && before !== undefined && !isDeepStrictEqual(here, before);
  });
}
