import { groupOf } from "../api-group";
import { annotation, syncOption, syncOptions, type ArgoCdObject } from "./annotations";
import { hookOf } from "./hooks";
import { howUpdated } from "./update";

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

/**
 * The first Kubernetes minor version in which admission can change objects (MutatingAdmissionPolicy, k8s.io/apiserver features).
 */
const firstVersion = 36;

/** Whether the objects of a cluster get these options: its stage wants it, and its Kubernetes can do it. */
export function asksBeforeRemoval(stage: { confirmPrune?: boolean }, kubernetesVersion: string): boolean {
  return stage.confirmPrune === true && canAskBeforeRemoval(kubernetesVersion);
}

/** @param kubernetesVersion such as "1.36" */
export function canAskBeforeRemoval(kubernetesVersion: string): boolean {
  return Number(kubernetesVersion.split(".")[1]) >= firstVersion;
}

/** What to say where the stage of a cluster wants a confirmation and its Kubernetes cannot ask for it. */
export function cannotAsk(
  stage: { name: string; confirmPrune?: boolean },
  { name, kubernetesVersion }: { name: string; kubernetesVersion: string },
): string | undefined {
  if (stage.confirmPrune !== true || canAskBeforeRemoval(kubernetesVersion)) return undefined;
  return `confirmPrune of gitops/stages/${stage.name}.yaml has no effect in ${name}: Kubernetes ${kubernetesVersion} has no MutatingAdmissionPolicy, 1.${firstVersion} has; Argo CD removes volumes, Namespaces and StatefulSets there without a confirmation`;
}

/**
 * Whether Argo CD removes an object that holds data without a question, although its cluster asks: its sync options say nothing of
 * it, and the cluster adds none to those that an object has.
 * @param options the sync options of the Application
 */
export function escapesConfirmation(object: ArgoCdObject, options: readonly string[] = []): boolean {
  if (!isConfirmed(object) || annotation(object, syncOptions) === undefined) return false;
  return hookOf(object) === undefined && syncOption(object, "Prune", options) === undefined;
}

/**
 * Whether a sync deletes an object that holds data and creates it again, empty: it is a hook, or is forced. Argo CD asks before it
 * prunes or cascades, and never here. Parameters are those of `escapesConfirmation`.
 */
export function isRenewedBySync(object: ArgoCdObject, options: readonly string[] = []): boolean {
  return isConfirmed(object) && howUpdated(object, options).startsWith("recreated");
}

/**
 * An object as a cluster stores it that asks before a removal. One with sync options of its own keeps them: any other would be
 * drift.
 */
export function asStored<T extends ArgoCdObject>(object: T): T {
  if (!isConfirmed(object) || annotation(object, syncOptions) !== undefined) return object;
  const annotations = { ...object.metadata?.annotations, [syncOptions]: askingOptions };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function isConfirmed({ apiVersion = "", kind }: ArgoCdObject): boolean {
  const group = groupOf(apiVersion);
  return confirmedKinds.some((one) => one.group === group && one.kind === kind);
}
