import { updateEffects } from "../../../tree/changes/updates";
import { changeRule } from "../changes";

export const immutableField = changeRule(
  "immutable-field",
  updateEffects,
  ({ resource }) => `leave the field, or give the ${resource.kind} a new name`,
);
