import { hookOf, type Phase } from "../../model/argocd";
import { compareText } from "../../model/findings";
import type { KubernetesObject, Manifests, Resource } from "./renderer";

/** A hook that an Application makes. */
export interface HookFact {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  /** When Argo CD applies it. Empty for one that it never applies, which is not part of the manifests. */
  phases: Phase[];
}

/** The hooks of an Application, those that are never applied too. @param documents the manifests of what is applied, by id */
export function hooksOf(
  { resources, unapplied = [] }: Manifests,
  documents: ReadonlyMap<string, KubernetesObject>,
): HookFact[] {
  const applied = resources.flatMap((resource) => {
    const hook = hookOf(documents.get(resource.id));
    return hook === undefined ? [] : [fact(resource, [...hook.phases])];
  });
  return [...applied, ...unapplied.map((resource) => fact(resource, []))].sort(
    (a, b) => compareText(a.kind, b.kind) || compareText(a.name, b.name),
  );
}

function fact({ apiVersion, kind, namespace, name }: Resource, phases: Phase[]): HookFact {
  return { apiVersion, kind, ...(namespace !== undefined && { namespace }), name, phases };
}
