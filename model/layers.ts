import type { Identity } from "./identity";

/** The part of an identity that paths of the tree and labels of Applications are made of. */
export type Scope = Pick<Identity, "name" | "stage" | "ring" | "region">;

/** The directories that hold components. */
export const groups = ["addons", "apps"] as const;

export type Group = (typeof groups)[number];

/** The values for the names in braces in a path. */
export type PathNames = Record<"group" | "component" | "stage" | "region" | "cluster", string> & {
  /** Missing in a stage without rings. */
  ring?: string;
};

/** One values file of a component. */
export interface Layer {
  /** What the file is. */
  readonly role: string;
  /** What people call it. */
  readonly name: string;
  /** Path below gitops/, with variable names in braces. */
  readonly file: string;
  /** A pin: charts of this repository read it as values, third-party charts would refuse its keys. */
  readonly pin?: true;
  /** Without it an Application does not render where its stage keeps Applications; other layers may be missing. */
  readonly required?: true;
}

const inOrder = [
  { role: "component-values", name: "component", file: "{group}/{component}/values.yaml", required: true },
  { role: "pin", name: "pin", file: "{group}/{component}/stages/{stage}/pin.yaml", pin: true, required: true },
  { role: "ring-pin", name: "ring pin", file: "{group}/{component}/stages/{stage}/rings/{ring}/pin.yaml", pin: true },
  { role: "stage-values", name: "stage", file: "{group}/{component}/stages/{stage}/values.yaml" },
  { role: "ring-values", name: "ring", file: "{group}/{component}/stages/{stage}/rings/{ring}/values.yaml" },
  { role: "region-values", name: "region", file: "{group}/{component}/regions/{region}.yaml" },
  { role: "cluster-values", name: "cluster", file: "clusters/{cluster}/values/{component}.yaml" },
  { role: "cluster-pin", name: "cluster pin", file: "clusters/{cluster}/pins/{component}.yaml", pin: true },
] as const satisfies readonly Layer[];

/** One of the layers, with its role and path as types. */
export type KnownLayer = (typeof inOrder)[number];

/**
 * The values files of a component in a cluster, in order: later ones win. bootstrap's template lists the same files. Both pins come
 * before the values of the stage, so that nothing changes in a ring when its files become those of the stage.
 */
export const layers: readonly (Layer & Pick<KnownLayer, "role">)[] = inOrder;

/** The files that describe a cluster, its stage and its region; any chart may read them as values. */
export const sharedFiles = ["clusters/{cluster}/cluster.yaml", "stages/{stage}.yaml", "regions/{region}.yaml"];

/**
 * The files without which an Application does not render where its stage keeps Applications: it would sync what is left of its
 * layers, and prune the rest. bootstrap's template lists the same files.
 */
export const requiredFiles: readonly string[] = [
  ...layers.flatMap(({ file, required }) => (required ? [file] : [])),
  ...sharedFiles,
];

/** The chart of this repository that makes nothing; the sources that require files use it. */
export const requiredChart = { name: "required-files", version: "1.0.0" } as const;

/** The names in paths that follow from the cluster. */
export function pathNames({
  name,
  stage,
  ring,
  region,
}: Scope): Pick<PathNames, "cluster" | "stage" | "ring" | "region"> {
  return { cluster: name, stage, ...(ring !== undefined && { ring }), region };
}

/** The layers that a cluster has: those of a ring only in a ring. */
export function layersOf({ ring }: Pick<Scope, "ring">): typeof layers {
  return ring === undefined ? layers.filter(({ file }) => !isOfRing(file)) : layers;
}

/** Whether a layer is of a ring. */
export function isOfRing(file: string): boolean {
  return file.includes("{ring}");
}

/** The path of a file, with its names filled in. */
export function pathOf(file: string, names: PathNames): string {
  return `gitops/${file.replace(/\{(\w+)\}/g, (_, key: keyof PathNames) => names[key] ?? "")}`;
}

/** The values files that a component may have in a cluster, in the order of the layers. */
export function layerPaths(
  scope: Scope,
  component: { group: Group; name: string },
  options: { thirdParty: boolean },
): string[] {
  const names = { ...pathNames(scope), group: component.group, component: component.name };
  return layersOf(scope)
    .filter(({ pin }) => !(pin && options.thirdParty))
    .map(({ file }) => pathOf(file, names));
}
