import type { Rule } from "../rule";
import { changedChart } from "./changed-chart";
import { chartMetadata } from "./chart-metadata";
import { crossesRings } from "./crosses-rings";
import { duplicateApplication } from "./duplicate-application";
import { emptyValues } from "./empty-values";
import { expiredException } from "./expired-exception";
import { faultRules, ignoreRules } from "./faults";
import { impossibleCapability } from "./impossible-capability";
import { labelIndex } from "./label-index";
import { missingChart } from "./missing-chart";
import { missingException } from "./missing-exception";
import { mutableImage } from "./mutable-image";
import { namespaceCollision } from "./namespace-collision";
import { ownerlessException } from "./ownerless-exception";
import { pinOrder } from "./pin-order";
import { secretInGit } from "./secret-in-git";
import { uncoveredKey } from "./uncovered-key";
import { unexpectedFile } from "./unexpected-file";
import { unknownLayer } from "./unknown-layer";
import { unreadValues } from "./unread-values";
import { unsatisfiedCapability } from "./unsatisfied-capability";
import { unusedException } from "./unused-exception";
import { valuesSchema } from "./values-schema";

/** Every rule, in the order of the reference page: files, layers, pins, exceptions, charts and values, Applications. */
export const rules: readonly Rule[] = [
  ...faultRules,
  unexpectedFile,
  unknownLayer,
  unreadValues,
  emptyValues,
  missingChart,
  pinOrder,
  crossesRings,
  unsatisfiedCapability,
  impossibleCapability,
  missingException,
  uncoveredKey,
  expiredException,
  unusedException,
  ownerlessException,
  chartMetadata,
  changedChart,
  valuesSchema,
  mutableImage,
  secretInGit,
  labelIndex,
  namespaceCollision,
  duplicateApplication,
  ...ignoreRules,
];
