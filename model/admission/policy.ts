import { trackingId } from "../argocd/annotations";
import type { Identity } from "../identity";
import type { Scope } from "../layers";
import { factsOf, type FactName } from "../facts";
import { argoCdNamespace, type Follow } from "../root";

/** A variable of a policy; other expressions read it as `variables.<name>`. */
export interface Variable {
  name: string;
  expression: string;
}

/** One rule: an expression that is true for every object that is let in. */
export interface Rule {
  expression: string;
  /** Why an object is refused when the expression does not hold, without saying in which cluster. */
  message: string;
  /** An expression for the part that is refused, such as a file; it is only evaluated for a refused object. */
  subject?: string;
}

/** A policy without what differs between clusters: that is in `variables.scope`, a map with the fields of a `ClusterScope`. */
export interface Admission {
  variables: readonly Variable[];
  rules: readonly Rule[];
}

/** What the policy of a cluster knows about it: its facts, and the repository and revision that it follows. */
export type ClusterScope = Partial<Pick<Identity, FactName>> & Scope & Pick<Follow, "repoURL" | "revision">;

/** The scope of a cluster with an identity, and nothing else of both. */
export function clusterScope(
  identity: Partial<Pick<Identity, FactName>> & Scope,
  { repoURL, revision }: Pick<Follow, "repoURL" | "revision">,
): ClusterScope {
  const { name, stage, region } = identity;
  return { ...factsOf(identity), name, stage, region, repoURL, revision };
}

/** The scope of a cluster as expressions instead of texts. */
export const scopeExpressions: Required<ClusterScope> = {
  name: "variables.scope.name",
  stage: "variables.scope.stage",
  ring: "variables.scope.ring",
  region: "variables.scope.region",
  domain: "variables.scope.domain",
  account: "variables.scope.account",
  repoURL: "variables.scope.repoURL",
  revision: "variables.scope.revision",
};

/** Whether the cluster is in a ring: only then may an expression read which one. */
export const hasRing = "'ring' in variables.scope";

/** The variable that holds the scope of one cluster, as literals: JSON of texts is an expression. */
export function scopeVariable(scope: ClusterScope): Variable {
  return { name: "scope", expression: JSON.stringify(clusterScope(scope, scope)) };
}

/** Name of the objects of the proof; they are never stored. */
export const proofName = "onebranch-proof";

/** A list of texts as an expression. */
export const quoted = (texts: readonly string[]) => `[${texts.map((text) => `'${text}'`).join(", ")}]`;

/** An annotation of an object, or an empty text. */
export function annotationOf(object: string, key: string): string {
  const annotations = `${object}.metadata.annotations`;
  return `(has(${annotations}) && '${key}' in ${annotations} ? string(${annotations}['${key}']) : '')`;
}

/** The Application that an object is marked with, or an empty text: Argo CD marks every object with the one that makes it. */
export function makerOf(object: string): string {
  return `${annotationOf(object, trackingId)}.split(':')[0]`;
}

/** Users whose name starts like this are Argo CD itself, in an embedded cluster too. */
export const accountPrefix = `system:serviceaccount:${argoCdNamespace}:`;

/** Whether Argo CD itself asks; the API server knows who does, the renderer asks for a person. */
export const byArgoCd = `request.userInfo.username.startsWith('${accountPrefix}')`;

/**
 * Whether what is asked for comes from Git. In a cluster Argo CD's controllers write it; argocd-server asks for people. The renderer
 * judges nothing else, and names no user.
 */
export const fromGit = `(request.userInfo.username == '' || (${byArgoCd} && request.userInfo.username != '${accountPrefix}argocd-server'))`;
