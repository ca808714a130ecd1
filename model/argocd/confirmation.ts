import { annotation, syncOptions, type ArgoCdObject } from "./annotations";

/** A kind whose objects hold data. */
interface HoldingKind {
  group: string;
  kind: string;
  /** What the API calls it. */
  resource: string;
}

/**
 * The kinds that Argo CD removes only after a confirmation, in clusters of a stage with `confirmPrune`. CustomResourceDefinitions
 * are none of them: Argo CD never prunes one (see `whenPruned`).
 */
export const confirmedKinds: readonly HoldingKind[] = [
  { group: "", kind: "PersistentVolumeClaim", resource: "persistentvolumeclaims" },
  { group: "", kind: "PersistentVolume", resource: "persistentvolumes" },
  { group: "", kind: "Namespace", resource: "namespaces" },
  { group: "apps", kind: "StatefulSet", resource: "statefulsets" },
];

/** The sync options that make Argo CD ask. */
export const askingOptions = "Prune=confirm,Delete=confirm";

/** The first Kubernetes minor version in which admission can change objects (MutatingAdmissionPolicy, k8s.io/apiserver features). */
const firstVersion = 36;

/** Whether the objects of a cluster get these options: its stage wants it, and its Kubernetes can do it. */
export function asksBeforeRemoval(stage: { confirmPrune?: boolean }, kubernetesVersion: string): boolean {
  return stage.confirmPrune === true && canAskBeforeRemoval(kubernetesVersion);
}

/** @param kubernetesVersion such as "1.36" */
export function canAskBeforeRemoval(kubernetesVersion: string): boolean {
  return Number(kubernetesVersion.split(".")[1]) >= firstVersion;
}

/** An object as a cluster stores it that asks before a removal. One with sync options of its own keeps them: any other would be drift. */
export function asStored<T extends ArgoCdObject>(object: T): T {
  const group = object.apiVersion?.includes("/") ? object.apiVersion.split("/")[0] : "";
  const isConfirmed = confirmedKinds.some((one) => one.group === group && one.kind === object.kind);
  if (!isConfirmed || annotation(object, syncOptions) !== undefined) return object;
  const annotations = { ...object.metadata?.annotations, [syncOptions]: askingOptions };
  return { ...object, metadata: { ...object.metadata, annotations } };
}
