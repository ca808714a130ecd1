import { updateEffects } from "../../../tree/changes/updates";
import { changeRule } from "../changes";

export const crdRemoved = changeRule("crd-removed", updateEffects, () => "take its hook or Force=true away");
