import { isDnsLabel } from "../../../../model/names";
import { ignoredWords } from "../../../../model/ignore-differences";
import { isMapping } from "../../../../model/mapping";
import { keepsApplications } from "../../../../model/argocd";
import type { FieldChange, ResourceChange } from "../../../tree/renderer";
import { isBelow } from "../../../tree/field-path";
import { resourceName } from "../../../tree/resource";
import { observe, type Observation } from "../../../tree/changes/observation";
import type { Subject } from "./subject";

/** Changes of Applications and ApplicationSets themselves: where they deploy, what they may delete. */
export function applicationDangers(subject: Subject): Observation[] {
  const { change } = subject;
  return [
    ...lostStages(subject),
    ...specDangers(change.application, change.spec ?? []),
    ...ignoredDangers(change.application, change.spec ?? []),
    ...change.resources.flatMap((resource) => [...setDangers(resource), ...finalizerDangers(resource)]),
    ...change.resources.flatMap(zeroReplicas),
  ];
}

function specDangers(name: string, fields: readonly FieldChange[]): Observation[] {
  return fields.flatMap(({ path, from, to }) => {
    if (path === "spec.destination.namespace" && from !== undefined && to !== undefined) {
      return [
        observe(
          "namespace-moved",
          `${name} moves from namespace ${text(from)} to ${text(to)}: everything is created again there`,
        ),
      ];
    }
    // A pin with a fault has a sentence in the place of its project: nothing takes the app over.
    if (path === "spec.project" && from !== undefined && typeof to === "string" && isDnsLabel(to)) {
      return [
        observe(
          "team-changed",
          `app ${name} goes from team ${text(from)} to team ${text(to)}: it may do there what that team may`,
        ),
      ];
    }
    if (isBelow(path, "metadata.finalizers")) return [finalizers(`Application ${name}`)];
    if (path === "spec.syncPolicy.automated.prune" && to === true) {
      return [observe("prune-enabled", `Argo CD starts to prune ${name}`)];
    }
    return [];
  });
}

/** What Argo CD stops looking at: entries that are new, or that name more. */
function ignoredDangers(name: string, fields: readonly FieldChange[]): Observation[] {
  const added = fields.flatMap(({ path, from, to }) => {
    if (!isBelow(path, "spec.ignoreDifferences") || to === undefined) return [];
    const had = new Set([from].flat().map((entry) => JSON.stringify(entry)));
    return [to].flat().filter((entry) => !had.has(JSON.stringify(entry)));
  });
  return added.map((entry: unknown) => {
    const what = isMapping(entry) ? ignoredWords(entry) : String(entry);
    return observe("drift-ignored", `Argo CD no longer compares or writes ${what} in ${name}`);
  });
}

/** Reported once for each cluster: where everything else comes from. */
function lostStages({ change, policies }: Subject): Observation[] {
  if (change.application !== "bootstrap") return [];
  return policies.flatMap(({ lostStage, clusters }) => {
    if (lostStage === undefined) return [];
    const say = (at: string) =>
      `gitops/stages/${lostStage}.yaml is gone: Argo CD${at} belongs to ${lostStage} until the next up, and leaves everything as it is`;
    return [observe("stage-removed", say, [], clusters)];
  });
}

function finalizers(name: string): Observation {
  return observe("finalizer-changed", `${name} changes its finalizers, which decide what is deleted with it`);
}

function finalizerDangers(resource: ResourceChange): Observation[] {
  if (!(resource.fields ?? []).some(({ path }) => isBelow(path, "metadata.finalizers"))) return [];
  return [{ ...finalizers(resourceName(resource)), resources: [resourceName(resource)] }];
}

function setDangers(resource: ResourceChange): Observation[] {
  if (resource.kind !== "ApplicationSet") return [];
  return (resource.fields ?? []).flatMap(({ path, from, to }) => {
    const syncs = path === "spec.syncPolicy.applicationsSync" && keepsApplications(from) && !keepsApplications(to);
    const preserves = path === "spec.syncPolicy.preserveResourcesOnDeletion" && from === true && to !== true;
    if (!syncs && !preserves) return [];
    const what = syncs ? "delete Applications" : "delete resources together with their Application";
    const field = path.slice("spec.syncPolicy.".length);
    const message = `${resourceName(resource)} may now ${what} (${field}: ${text(from)} -> ${text(to)})`;
    return [observe("deletion-allowed", message, [resource])];
  });
}

function zeroReplicas(resource: ResourceChange): Observation[] {
  const zero = (resource.fields ?? []).some(({ path, from, to }) => path === "spec.replicas" && to === 0 && from !== 0);
  return zero ? [observe("replicas-zero", `${resourceName(resource)} is scaled to zero`, [resource])] : [];
}

function text(value: unknown): string {
  return value === undefined ? "default" : String(value);
}
