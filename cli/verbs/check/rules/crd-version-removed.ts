import { unservedVersions } from "../../../tree/changes/definitions";
import { changeRule } from "../changes";

export const crdVersionRemoved = changeRule(
  "crd-version-removed",
  unservedVersions,
  () => "serve it until nothing uses it",
);
