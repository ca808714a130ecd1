/** What Argo CD does to an object. The rules are read from its sources (3.2.11); test/e2e/ compares them with a running Argo CD. */
<<<<<<< HEAD
export {
  annotation,
  deletionApproved,
  isAccountToken,
  isDefinition,
  tokenAccount,
  trackingId,
  type ArgoCdObject,
} from "./annotations";
=======
export { deletionApproved, isDefinition, trackingId, waitsForConfirmation, type ArgoCdObject } from "./annotations";
>>>>>>> fe8b7f3 (Argo CD asks before it removes data in production, and plan and check name what a change takes away)
export { cascadeFinalizers, cascades, keepsApplications, resourcesFinalizer } from "./application";
export { asksBeforeRemoval, asStored, canAskBeforeRemoval, confirmedKinds } from "./confirmation";
export { whenCascaded, whenPruned, type Fate } from "./fate";
export { argoHooks, helmHooks, helmOnlyHooks, helmTests, type Phase } from "./hook-names";
export { hookOf, type DeletePolicy, type Hook } from "./hooks";
export { howUpdated, howWritten, type Update, type Writing } from "./update";
