/** The finalizer that ApplicationSets give their Applications unless `preserveResourcesOnDeletion` is set. */
export const resourcesFinalizer = "resources-finalizer.argocd.argoproj.io";

/** argo-cd, pkg/apis/application/v1alpha1/types.go, isPropagationPolicyFinalizer. Argo CD ignores any other suffix. */
export const cascadeFinalizers: readonly string[] = [
  resourcesFinalizer,
  `${resourcesFinalizer}/foreground`,
  `${resourcesFinalizer}/background`,
];

/** Whether deleting an Application with these finalizers also deletes its objects. */
export function cascades(finalizers: readonly string[]): boolean {
  return finalizers.some((finalizer) => cascadeFinalizers.includes(finalizer));
}

/** Whether an ApplicationSet with this `applicationsSync` never deletes an Application. */
export function keepsApplications(applicationsSync: unknown): boolean {
  return applicationsSync === "create-only" || applicationsSync === "create-update";
}
