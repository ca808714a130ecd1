import { updateEffects } from "../../../tree/changes/updates";
import { changeRule } from "../changes";

export const crdRemoved = changeRule("crd-removed", updateEffects, () => "remove its hook or Force=true");
