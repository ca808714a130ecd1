import { updateEffects } from "../../../tree/changes/updates";
import { forEachChangedResource } from "../changes";
import type { Rule } from "../rule";

export const crdRemoved: Rule = {
  id: "crd-removed",
  title: "A CustomResourceDefinition is deleted and created again.",
  why: "With a definition Kubernetes deletes every object of its kind, in all namespaces, whoever made them.",
  fix: "Take the hook or the sync option Force=true away. A definition that leaves Git stays in the cluster.",
  severity: "error",
  needs: "changes",
  check: (input, report) =>
    forEachChangedResource(input, (one, { at, clusters, syncOptions }) => {
      for (const { id, say } of updateEffects(one, syncOptions)) {
        if (id === "crd-removed") report.finding(at, say(clusters), "take its hook or Force=true away");
      }
    }),
};
