import type { Scope } from "../layers";

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

/** A policy without what differs between clusters: that is in `variables.scope`, a map with the fields of a `Scope`. */
export interface Admission {
  variables: readonly Variable[];
  rules: readonly Rule[];
}

/** The cluster's names as expressions instead of texts. */
export const scopeExpressions: Scope = {
  name: "variables.scope.name",
  stage: "variables.scope.stage",
  region: "variables.scope.region",
};

/** The variable that holds the identity of one cluster, as literals. */
export function scopeVariable({ name, stage, region }: Scope): Variable {
  return { name: "scope", expression: `{'name': '${name}', 'stage': '${stage}', 'region': '${region}'}` };
}
