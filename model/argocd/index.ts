/** What Argo CD does to an object. The rules are read from its sources (3.6.1); test/e2e/ compares them with a running Argo CD. */
export {
  annotation,
  accountTokenType,
  argoCdManager,
  deletionApproved,
  isAccountToken,
  isDefinition,
  setRefresh,
  tokenAccount,
  trackingId,
  waitsForConfirmation,
  type ArgoCdObject,
} from "./annotations";
export { cascadeFinalizers, cascades, keepsApplications, resourcesFinalizer } from "./application";
export {
  askingOptions,
  asksBeforeRemoval,
  asStored,
  cannotAsk,
  confirmedKinds,
  escapesConfirmation,
  isRenewedBySync,
} from "./confirmation";
export { whenCascaded, whenPruned, type Fate } from "./fate";
export {
  argoHooks,
  helmHookAnnotation,
  helmHooks,
  helmOnlyHooks,
  helmTests,
  hookAnnotation,
  type Phase,
} from "./hook-names";
export { hookOf, type DeletePolicy, type Hook } from "./hooks";
export { builtInRoles, givesRoles, groupLine, rbacFaults, type RbacFault } from "./rbac";
export { howUpdated, howWritten, type Update, type Writing } from "./update";
