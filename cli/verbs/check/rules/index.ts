import { fileRuleIds, ignoreRuleIds } from "../../../../model/rules";
import type { Rule } from "../rule";
import { autoscaledReplicas } from "./autoscaled-replicas";
import { boundaryCrossed } from "./boundary-crossed";
import { booleanKey } from "./boolean-key";
import { brokenSet } from "./broken-set";
import { changedChart } from "./changed-chart";
import { chartMetadata } from "./chart-metadata";
import { crdRemoved } from "./crd-removed";
import { crdVersionRemoved } from "./crd-version-removed";
import { crossesRings } from "./crosses-rings";
import { deprecatedApi } from "./deprecated-api";
import { duplicateApplication } from "./duplicate-application";
import { emptySet } from "./empty-set";
import { emptyValues } from "./empty-values";
import { expiredException } from "./expired-exception";
import { foreignImage } from "./foreign-image";
import { hiddenDrift } from "./hidden-drift";
import { imageWithoutDigest } from "./image-without-digest";
import { immutableField } from "./immutable-field";
import { impossibleCapability } from "./impossible-capability";
import { kubernetesSchema } from "./kubernetes-schema";
import { labelIndex } from "./label-index";
import { lfsPointer } from "./lfs-pointer";
import { localDependency } from "./local-dependency";
import { massRemoval } from "./mass-removal";
import { kustomizeOrder } from "./kustomize-order";
import { kustomizeReach } from "./kustomize-reach";
import { missingBase } from "./missing-base";
import { unnamedManifest } from "./unnamed-manifest";
import { missingChart } from "./missing-chart";
import { missingFact } from "./missing-fact";
import { missingException } from "./missing-exception";
import { misspeltValueFile } from "./misspelt-value-file";
import { mixedVersions } from "./mixed-versions";
import { mutableImage } from "./mutable-image";
import { namespaceCollision } from "./namespace-collision";
import { outlivingToken } from "./outliving-token";
import { ownerlessException } from "./ownerless-exception";
import { partialRingPin } from "./partial-ring-pin";
import { pinOrder } from "./pin-order";
import { podSecurity } from "./pod-security";
import { projectDestination } from "./project-destination";
import { projectResource } from "./project-resource";
import { refusedApplication } from "./refused-application";
import { refusedName } from "./refused-name";
import { removedApi } from "./removed-api";
import { renderFailure } from "./render-failure";
import { repeatedResource } from "./repeated-resource";
import { repeatedRingFile } from "./repeated-ring-file";
import { residency } from "./residency";
import { ringOrder } from "./ring-order";
import { secretInGit } from "./secret-in-git";
import { sharedResource } from "./shared-resource";
import { staleOwners } from "./stale-owners";
import { staleRingFile } from "./stale-ring-file";
import { teamCollision } from "./team-collision";
import { tooLarge } from "./too-large";
import { uncoveredKey } from "./uncovered-key";
import { stageRemoved } from "./stage-removed";
import { unconfirmedRemoval } from "./unconfirmed-removal";
import { unevaluatedChart } from "./unevaluated-chart";
import { unexpectedFile } from "./unexpected-file";
import { unknownHook } from "./unknown-hook";
import { unknownLayer } from "./unknown-layer";
import { unknownTeam } from "./unknown-team";
import { unknownValue } from "./unknown-value";
import { unreadValues } from "./unread-values";
import { unsatisfiedCapability } from "./unsatisfied-capability";
import { unsupportedConfirmation } from "./unsupported-confirmation";
import { unsupportedHook } from "./unsupported-hook";
import { unusedException } from "./unused-exception";
import { valuesInChart } from "./values-in-chart";
import { valuesRemoved } from "./values-removed";
import { valuesSchema } from "./values-schema";

/** Every rule of `check`: those of files, layers, pins, exceptions, charts and values, Applications, manifests, changes. */
export const rules: readonly Rule[] = [
  ...fileRuleIds.map((id) => ({ id })),
  unexpectedFile,
  lfsPointer,
  booleanKey,
  unknownLayer,
  unreadValues,
  emptyValues,
  valuesRemoved,
  unknownTeam,
  teamCollision,
  staleOwners,
  missingChart,
  missingBase,
  pinOrder,
  ringOrder,
  repeatedRingFile,
  staleRingFile,
  partialRingPin,
  unsatisfiedCapability,
  impossibleCapability,
  unsupportedConfirmation,
  mixedVersions,
  missingFact,
  hiddenDrift,
  missingException,
  uncoveredKey,
  expiredException,
  unusedException,
  ownerlessException,
  chartMetadata,
  localDependency,
  valuesInChart,
  kustomizeReach,
  kustomizeOrder,
  unnamedManifest,
  changedChart,
  valuesSchema,
  unknownValue,
  mutableImage,
  secretInGit,
  labelIndex,
  namespaceCollision,
  duplicateApplication,
  brokenSet,
  emptySet,
  refusedApplication,
  misspeltValueFile,
  projectDestination,
  massRemoval,
  stageRemoved,
  renderFailure,
  unevaluatedChart,
  sharedResource,
  repeatedResource,
  outlivingToken,
  unconfirmedRemoval,
  residency,
  foreignImage,
  imageWithoutDigest,
  unknownHook,
  unsupportedHook,
  autoscaledReplicas,
  podSecurity,
  projectResource,
  boundaryCrossed,
  kubernetesSchema,
  refusedName,
  tooLarge,
  removedApi,
  deprecatedApi,
  immutableField,
  crdRemoved,
  crdVersionRemoved,
  crossesRings,
  ...ignoreRuleIds.map((id) => ({ id })),
];
