import { isMadeAnew, refusedChanges } from "../../../tree/kubernetes/refused-changes";
import { changeAt, nameClusters } from "../evaluation";
import type { Rule } from "../rule";

export const immutableField: Rule = {
  id: "immutable-field",
  title: "A change touches a field that Kubernetes does not let change.",
  why: "The API server refuses the update, and the Application stays broken until somebody deletes the resource by hand.",
  fix: "Leave the field, give the resource a new name, or let Argo CD make it anew (sync-options: Force=true,Replace=true).",
  severity: "error",
  needs: "changes",
  async check(input, report) {
    const { changes, documents } = await input.changes();
    const expansion = await input.evaluated.applications();
    for (const change of changes) {
      for (const resource of change.resources) {
        if (resource.change !== "change") continue;
        const [before, after] = [documents.get(resource.before ?? ""), documents.get(resource.after ?? "")];
        if (isMadeAnew(after)) continue;
        for (const field of new Set(refusedChanges(resource, before, after).map(({ field }) => field))) {
          const { kind, name } = resource;
          const message = `${field} of ${kind} ${name} changes in ${nameClusters(change.clusters)}, and Kubernetes does not let it`;
          report.finding(changeAt(expansion, change), message, `leave it, or give the ${kind} a new name`);
        }
      }
    }
  },
};
