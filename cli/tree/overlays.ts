import { posix } from "node:path";
import { baseAt, type BaseVersion } from "../../model/overlays";
import type { ApplicationSource, ExpandedApplication } from "./renderer";

/** The version of a base that an Application is built from, with the overlays over it in their order; undefined for a chart. */
export interface Overlaid extends BaseVersion {
  path: string;
  /** Directories. */
  overlays: string[];
  images: string[];
}

/** What Kustomize builds of an Application. */
export function overlaidOf({ application: { spec } }: Pick<ExpandedApplication, "application">): Overlaid | undefined {
  const sources: ApplicationSource[] = spec.sources ?? (spec.source ? [spec.source] : []);
  for (const { path, kustomize } of sources) {
    const base = path === undefined ? undefined : baseAt(path);
    if (path === undefined || base === undefined) continue;
    const { components = [], images = [] } = (kustomize ?? {}) as { components?: string[]; images?: string[] };
    return { ...base, path, overlays: components.map((name) => posix.join(path, name)), images };
  }
  return undefined;
}

/** The directories of the overlays of an Application. */
export function overlaysOf(application: Pick<ExpandedApplication, "application">): string[] {
  return overlaidOf(application)?.overlays ?? [];
}
