import type { ResourceChange } from "../../../tree/renderer";
import { isMadeAnew, refusedChanges, type RefusedChange } from "../../../tree/kubernetes/refused-changes";
import { someOf } from "../../../terminal/table";
import { resourceName } from "../../../tree/resource";
import { danger, documentOf, isHook, type Found, type Subject } from "./subject";

/** Changes that make a sync fail, because the object would have to be made anew. */
export function immutableDangers(subject: Subject): Found[] {
  return subject.change.resources.flatMap((resource) => {
    const object = documentOf(subject, resource);
    if (resource.change !== "change" || isHook(object)) return [];
    const refused = refusedOf(subject, resource).filter(({ field }) => !isVolume(resource, field));
    if (refused.length === 0) return [];
    const names = someOf(refused.map(({ change }) => change.path));
    const what = isMadeAnew(object)
      ? "Argo CD deletes the object and makes it anew, because it has the sync option Force=true,Replace=true"
      : "Kubernetes refuses the change, and the sync fails until somebody deletes the object";
    return [danger("immutable-field", `${resourceName(resource)} changes ${names}: ${what}`, [resource])];
  });
}

/** What is told as volume-changed. */
function isVolume({ kind }: ResourceChange, field: string): boolean {
  return kind === "PersistentVolumeClaim" || (kind === "StatefulSet" && field === "spec.volumeClaimTemplates");
}

function refusedOf({ documents }: Subject, resource: ResourceChange): RefusedChange[] {
  return refusedChanges(resource, documents.get(resource.before ?? ""), documents.get(resource.after ?? ""));
}
