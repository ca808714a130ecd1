/** An object of Kubernetes, as far as Argo CD's own rules read it. */
export interface ArgoCdObject {
  apiVersion?: string;
  kind?: string;
  /** Of a Secret. */
  type?: string;
  metadata?: { annotations?: Record<string, string> };
}

/** Comma list of what Argo CD does differently with one object. */
export const syncOptions = "argocd.argoproj.io/sync-options";

/** Its value is a time. It confirms a deletion or sync for which an object says `Prune=confirm` or `Delete=confirm`. */
export const deletionApproved = "argocd.argoproj.io/deletion-approved";

/** Asks for a look at an ApplicationSet; its controller takes the annotation off when it has looked. */
export const setRefresh = "argocd.argoproj.io/application-set-refresh";

/**
 * How the message of a running sync begins, in lower case, that waits for a confirmation (gitops-engine, pkg/sync/sync_context.go,
 * setRunningPhase). Argo CD 3.2 began it with a capital.
 */
export const waitsForConfirmation = "waiting for pruning confirmation";

/** Argo CD writes it on everything it applies except CustomResourceDefinitions, and finds its objects by it. */
export const trackingId = "argocd.argoproj.io/tracking-id";

/** The field manager under which Argo CD applies what it syncs (argo-cd, common/common.go, ArgoCDSSAManager). */
export const argoCdManager = "argocd-controller";

/** The value of an annotation; undefined where it is missing. For some annotations an empty value means something else. */
export function annotation(object: ArgoCdObject | undefined, name: string): string | undefined {
  return object?.metadata?.annotations?.[name];
}

/** The items of a comma list, in their order (gitops-engine, pkg/sync/resource/annotations.go, GetAnnotationCSVs). */
export function listed(object: ArgoCdObject | undefined, name: string): ReadonlySet<string> {
  const items = (annotation(object, name) ?? "").split(",").map((item) => item.trim());
  return new Set(items.filter((item) => item !== ""));
}

/** The sync options of an object, such as `Prune=false`. Argo CD reads them literally: `prune=false` is not an option. */
export function syncOptionsOf(object: ArgoCdObject | undefined): ReadonlySet<string> {
  return listed(object, syncOptions);
}

/**
 * The value of a sync option such as `Prune`: the first that the object says, otherwise the first of its Application.
 * Source: gitops-engine, pkg/sync/resource/annotations.go (GetAnnotationOptionValue).
 * @param options those of the Application
 */
export function syncOption(
  object: ArgoCdObject | undefined,
  name: string,
  options: readonly string[],
): string | undefined {
  const start = `${name}=`;
  const said = [...syncOptionsOf(object), ...options].find((option) => option.startsWith(start));
  return said?.slice(start.length);
}

/** The annotation with the service account that a token is for. */
export const tokenAccount = "kubernetes.io/service-account.name";
/** The type of a Secret that is a token of a service account. */
export const accountTokenType = "kubernetes.io/service-account-token";

/**
 * A token of a service account, which Argo CD takes for a part of the account (gitops-engine, pkg/cache/references.go,
 * isServiceAccountTokenSecret).
 */
export function isAccountToken({ apiVersion, kind, type }: ArgoCdObject): boolean {
  return kind === "Secret" && apiVersion === "v1" && type === accountTokenType;
}

/** gitops-engine, pkg/utils/kube/kube.go, IsCRD. */
export function isDefinition({ apiVersion = "", kind }: ArgoCdObject): boolean {
  return kind === "CustomResourceDefinition" && apiVersion.startsWith("apiextensions.k8s.io/");
}
