import { isDefinition } from "../../../model/argocd";
import { someOf } from "../../terminal/table";
import type { KubernetesObject } from "../renderer";
import { resourceName } from "../resource";
import type { ChangedResource } from "./changed-resources";
import { observe, type Observation } from "./observation";

/** Versions that a CustomResourceDefinition no longer serves. */
export function unservedVersions({ resource, before, after }: ChangedResource): Observation<"crd-version-removed">[] {
  if (resource.change !== "change" || !isDefinition(resource)) return [];
  const left = servedVersions(after);
  const gone = servedVersions(before).filter((version) => !left.includes(version));
  if (gone.length === 0) return [];
  return [observe("crd-version-removed", `${resourceName(resource)} no longer serves ${someOf(gone)}`, [resource])];
}

function servedVersions(definition: KubernetesObject | undefined): string[] {
  const versions = (definition?.spec as { versions?: unknown } | undefined)?.versions;
  if (!Array.isArray(versions)) return [];
  return (versions as { name?: unknown; served?: unknown }[])
    .filter(({ served }) => served !== false)
    .map(({ name }) => String(name));
}
