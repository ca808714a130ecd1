import { updateEffects } from "../../../tree/changes/updates";
import { forEachChangedResource } from "../changes";
import type { Rule } from "../rule";

export const immutableField: Rule = {
  id: "immutable-field",
  title: "A change touches a field that Kubernetes does not let change.",
  why: "The API server refuses the update, and the Application stays broken until somebody deletes the resource by hand.",
  fix: "Leave the field, give the resource a new name, or let Argo CD recreate it (sync-options: Force=true,Replace=true).",
  severity: "error",
  needs: "changes",
  check: (input, report) =>
    forEachChangedResource(input, (one, { at, clusters, syncOptions }) => {
      for (const { id, say } of updateEffects(one, syncOptions)) {
        if (id !== "immutable-field") continue;
        report.finding(at, say(clusters), `leave the field, or give the ${one.resource.kind} a new name`);
      }
    }),
};
