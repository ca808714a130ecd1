import { keepsApplications } from "../../../../model/argocd";
import type { FieldChange, ResourceChange } from "../../../tree/renderer";
import { isBelow } from "../../../tree/field-path";
import { resourceName } from "../../../tree/resource";
import { danger, type Found, type Subject } from "./subject";

/** Changes of Applications and ApplicationSets themselves: where they deploy, what they may delete. */
export function applicationDangers(subject: Subject): Found[] {
  const { change } = subject;
  return [
    ...specDangers(change.application, change.spec ?? []),
    ...change.resources.flatMap((resource) => [...setDangers(resource), ...finalizerDangers(resource)]),
    ...change.resources.flatMap(zeroReplicas),
  ];
}

function specDangers(name: string, fields: readonly FieldChange[]): Found[] {
  return fields.flatMap(({ path, from, to }) => {
    if (path === "spec.destination.namespace" && from !== undefined && to !== undefined) {
      return [
        danger(
          "namespace-moved",
          `${name} moves from namespace ${text(from)} to ${text(to)}: everything is made anew there`,
        ),
      ];
    }
    if (isBelow(path, "metadata.finalizers")) return [finalizers(`Application ${name}`)];
    if (path === "spec.syncPolicy.automated.prune" && to === true) {
      return [danger("prune-enabled", `Argo CD starts to prune ${name}`)];
    }
    return [];
  });
}

function finalizers(name: string): Found {
  return danger("finalizer-changed", `${name} changes its finalizers, which decide what its deletion takes along`);
}

function finalizerDangers(resource: ResourceChange): Found[] {
  if (!(resource.fields ?? []).some(({ path }) => isBelow(path, "metadata.finalizers"))) return [];
  return [{ ...finalizers(resourceName(resource)), resources: [resourceName(resource)] }];
}

function setDangers(resource: ResourceChange): Found[] {
  if (resource.kind !== "ApplicationSet") return [];
  return (resource.fields ?? []).flatMap(({ path, from, to }) => {
    const syncs = path === "spec.syncPolicy.applicationsSync" && keepsApplications(from) && !keepsApplications(to);
    const preserves = path === "spec.syncPolicy.preserveResourcesOnDeletion" && from === true && to !== true;
    if (!syncs && !preserves) return [];
    const what = syncs ? "delete Applications" : "delete resources together with their Application";
    const field = path.slice("spec.syncPolicy.".length);
    const message = `${resourceName(resource)} may now ${what} (${field}: ${text(from)} -> ${text(to)})`;
    return [danger("deletion-allowed", message, [resource])];
  });
}

function zeroReplicas(resource: ResourceChange): Found[] {
  const zero = (resource.fields ?? []).some(({ path, from, to }) => path === "spec.replicas" && to === 0 && from !== 0);
  return zero ? [danger("replicas-zero", `${resourceName(resource)} is scaled to zero`, [resource])] : [];
}

function text(value: unknown): string {
  return value === undefined ? "default" : String(value);
}
