import type { Phase } from "../../model/argocd";
import { allOf } from "../terminal/table";
import type { FieldChange, ResourceChange } from "./renderer";

/** `Deployment orders/orders`, or `ClusterRole reader`. */
export function resourceName({ kind, namespace, name }: Pick<ResourceChange, "kind" | "namespace" | "name">): string {
  return `${kind} ${namespace ? `${namespace}/` : ""}${name}`;
}

/** ` (PreSync hook)`; nothing for an object that Argo CD keeps in sync. */
export function hookWords(phases: readonly Phase[] = []): string {
  return phases.length === 0 ? "" : ` (${allOf(phases)} hook)`;
}

/** Whether a field is the image of a container: `spec.template.spec.containers[web].image`. */
export function isImage({ path }: Pick<FieldChange, "path">): boolean {
  return /ontainers\[[^\]]*\]\.image$/.test(path);
}
