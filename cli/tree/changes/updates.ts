import { hookOf, howUpdated } from "../../../model/argocd";
import { someOf } from "../../terminal/table";
import { refusedChanges } from "../kubernetes/refused-changes";
import { resourceName } from "../resource";
import type { ChangedResource } from "./changed-resources";
import { observe, type Observation } from "./observation";
import { isPrecious, preciousLosses } from "./precious";

type UpdateId = "immutable-field" | "object-recreated" | ReturnType<typeof preciousLosses>[number]["id"];

/**
 * Effects of an update that its diff does not show: it fails because a field is immutable, or the object is deleted and
 * created again.
 * @param options sync options of the Application
 */
export function updateEffects(
  { resource, before, after }: ChangedResource,
  options: readonly string[],
  clusters?: readonly string[],
): Observation<UpdateId>[] {
  const object = after ?? resource;
  const isHook = hookOf(after) !== undefined;
  const refused = resource.change === "change" ? refusedChanges(resource, before, after) : [];
  const fields = someOf(refused.map(({ change }) => change.path));
  const update = resource.change === "remove" ? "untouched" : howUpdated(object, options, before);
  const seen = (id: UpdateId, what: string) => {
    const say = (at: string) => `${resourceName(resource)} changes ${fields}${at}: ${what}`;
    return [observe(id, say, [resource], clusters)];
  };
  switch (update) {
    case "untouched":
      return [];
    case "in-place":
      if (refused.length === 0) return [];
      return seen(
        "immutable-field",
        "Kubernetes refuses the change, and the sync fails until somebody deletes the object",
      );
    case "recreated-unless-refused":
      if (refused.length > 0)
        return seen("immutable-field", "Kubernetes refuses the change, and Argo CD syncs nothing of the Application");
      return isPrecious(resource) && resource.change === "change"
        ? preciousLosses([resource], "deleted and created again at each sync", clusters)
        : [];
    case "recreated":
      // A new object is created once, except a hook, which the next sync creates again.
      if (isPrecious(resource) && (isHook || resource.change === "change"))
        return preciousLosses([resource], "deleted and created again at each sync", clusters);
      if (isHook || refused.length === 0) return [];
      return seen("object-recreated", "Argo CD deletes the object and creates it again at each sync");
    case "recreated-if-refused":
      if (refused.length === 0) return [];
      return isPrecious(resource)
        ? preciousLosses([resource], "deleted and created again", clusters)
        : seen("object-recreated", "Argo CD deletes the object and creates it again");
  }
}
