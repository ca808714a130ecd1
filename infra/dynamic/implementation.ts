import type { dynamic } from "@pulumi/pulumi";

/**
 * What the module of a local resource exports as `implementation`. It runs in Pulumi's plugin process, not in the program: inputs
 * arrive plain (secrets too; an output of the same name stays secret) and, while previewing, may be `unknown`.
 * Outputs must repeat the inputs: `diff`, `update` and `delete` see nothing else of the past.
 */
export type ResourceImplementation<Inputs extends object, Outputs extends Inputs> = dynamic.ResourceProvider<
  Inputs,
  Outputs
>;

/** Pulumi's placeholder for a value that is only known in an `up`. */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value, or anything inside it, is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).some(hasUnknown);
  return value === unknownValue;
}

/** Local resources by name, the last part of the type token; called, one loads the module that implements it. */
export type LocalResources = Readonly<Record<string, () => { readonly implementation: object }>>;
