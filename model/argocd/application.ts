/** The finalizer that ApplicationSets give their Applications unless `preserveResourcesOnDeletion` is set. */
export const resourcesFinalizer = "resources-finalizer.argocd.argoproj.io";

/** argo-cd, pkg/apis/application/v1alpha1/types.go, isPropagationPolicyFinalizer: any other suffix is nobody's. */
export const cascadeFinalizers: readonly string[] = [
  resourcesFinalizer,
  `${resourcesFinalizer}/foreground`,
  `${resourcesFinalizer}/background`,
];

/** Whether the deletion of an Application with these finalizers takes its objects along. */
export function cascades(finalizers: readonly string[]): boolean {
  return finalizers.some((finalizer) => cascadeFinalizers.includes(finalizer));
}

/** Whether an ApplicationSet with this `applicationsSync` never deletes an Application. */
export function keepsApplications(applicationsSync: unknown): boolean {
  return applicationsSync === "create-only" || applicationsSync === "create-update";
}
