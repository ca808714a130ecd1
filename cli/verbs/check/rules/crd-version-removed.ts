import { unservedVersions } from "../../../tree/changes/definitions";
import { forEachChangedResource } from "../changes";
import type { Rule } from "../rule";

export const crdVersionRemoved: Rule = {
  id: "crd-version-removed",
  title: "A CustomResourceDefinition no longer serves a version.",
  why: "Objects and clients that still use the version stop working.",
  fix: "Serve the version until nothing uses it.",
  severity: "error",
  needs: "changes",
  check: (input, report) =>
    forEachChangedResource(input, (one, { at, clusters }) => {
      for (const { say } of unservedVersions(one)) report.finding(at, say(clusters), "serve it until nothing uses it");
    }),
};
