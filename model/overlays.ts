import { groups, type Group, type Scope } from "./layers";

/** A directory that Kustomize lays over the base of a component. */
export interface Overlay {
  readonly role: "stage-overlay" | "ring-overlay" | "region-overlay";
  /** What people call it. */
  readonly name: string;
  /** Path below the component, with variable names in braces. */
  readonly directory: string;
}

/**
 * The overlays of a component, in order: later ones win. bootstrap's template lists the same directories. That of a ring is there
 * instead of its stage's, because two overlays cannot be merged into one: so the last step of a promotion is a copy too.
 */
export const overlays = [
  { role: "stage-overlay", name: "stage", directory: "stages/{stage}/overlay" },
  { role: "ring-overlay", name: "ring", directory: "stages/{stage}/rings/{ring}/overlay" },
  { role: "region-overlay", name: "region", directory: "regions/{region}/overlay" },
] as const satisfies readonly Overlay[];

/** The ApplicationSet of bootstrap that makes what Kustomize builds. */
export const overlaySet = "overlays";

/** The directory in which a component has the versions of its base. */
export const baseDirectory = "base";

/** What leads from a version of the base to the directory of its component, which is how Kustomize names the overlays. */
const toComponent = "../../";

/** The path of a version of a base, from the root of the tree. */
export function basePath(group: Group, component: string, version: string): string {
  return `gitops/${group}/${component}/${baseDirectory}/${version}`;
}

/** A version of the base of a component. */
export interface BaseVersion {
  group: Group;
  component: string;
  version: string;
}

/** The component and version that a path of a base names. */
export function baseAt(path: string): BaseVersion | undefined {
  const [, group, component, version] = /^gitops\/([^/]+)\/([^/]+)\/base\/([^/]+)$/.exec(path) ?? [];
  const known = groups.find((one) => one === group);
  return known && { group: known, component: component!, version: version! };
}

/** The overlays that a component may have in a cluster, as its Application names them; those of a ring only in a ring. */
export function overlayNames({ stage, ring, region }: Pick<Scope, "stage" | "ring" | "region">): string[] {
  const names: Record<string, string | undefined> = { stage, ring, region };
  return overlays
    .filter(({ role }) => ring !== undefined || role !== "ring-overlay")
    .map(({ directory }) => toComponent + directory.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? ""));
}
