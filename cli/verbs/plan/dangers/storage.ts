import type { FieldChange, KubernetesObject } from "../../../tree/renderer";
import { bytesOf } from "../../../tree/kubernetes/quantity";
import { someOf } from "../../../terminal/table";
import { isBelow } from "../../../tree/field-path";
import { resourceName } from "../../../tree/resource";
import { danger, type Found, type Subject } from "./subject";

/** Claims and custom resource definitions that change in a way that data or objects do not survive. */
export function storageDangers(subject: Subject): Found[] {
  return subject.change.resources.flatMap((resource) => {
    if (resource.change !== "change") return [];
    const fields = resource.fields ?? [];
    switch (resource.kind) {
      case "PersistentVolumeClaim": {
        const problems = fields.map(claimProblem).filter((problem) => problem !== undefined);
        if (problems.length === 0) return [];
        return [
          danger("volume-changed", `${resourceName(resource)}: ${someOf(problems)}; Kubernetes refuses it`, [resource]),
        ];
      }
      case "StatefulSet": {
        const paths = fields.map(({ path }) => path).filter((path) => isBelow(path, "spec.volumeClaimTemplates"));
        if (paths.length === 0) return [];
        return [
          danger(
            "volume-changed",
            `${resourceName(resource)} changes ${someOf(paths)}: Kubernetes refuses it, and existing claims keep what they have`,
            [resource],
          ),
        ];
      }
      case "CustomResourceDefinition": {
        const before = servedVersions(subject.documents.get(resource.before ?? ""));
        const after = servedVersions(subject.documents.get(resource.after ?? ""));
        const gone = before.filter((version) => !after.includes(version));
        if (gone.length === 0) return [];
        return [
          danger("crd-version-removed", `${resourceName(resource)} no longer serves ${someOf(gone)}`, [resource]),
        ];
      }
      default:
        return [];
    }
  });
}

function claimProblem({ path, from, to }: FieldChange): string | undefined {
  if (path === "spec.resources.requests.storage") {
    const [old, fresh] = [bytesOf(from), bytesOf(to)];
    return old !== undefined && fresh !== undefined && fresh < old ? `shrinks from ${from} to ${to}` : undefined;
  }
  if (!isBelow(path, "spec") || isBelow(path, "spec.resources") || path === "spec.volumeAttributesClassName")
    return undefined;
  return `${path} changes`;
}

function servedVersions(definition: KubernetesObject | undefined): string[] {
  const versions = (definition?.spec as { versions?: unknown } | undefined)?.versions;
  if (!Array.isArray(versions)) return [];
  return (versions as { name?: unknown; served?: unknown }[])
    .filter(({ served }) => served !== false)
    .map(({ name }) => String(name));
}
