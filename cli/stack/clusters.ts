import { existsSync, readFileSync } from "node:fs";
import { resourcesOf } from "../../model/deployment";
import { unknownName } from "../terminal/fail";
import type { Home } from "./paths";
import { knownStacks, readRecord, type StackRecord } from "./record";
import { readDeployment } from "./state";

/** The clusters of this checkout, or those of them that are named; a name that is none of them is an error. */
export function clustersHere(home: Home, wanted: readonly string[]): string[] {
  const existing = knownStacks(home).filter((stack) => hasResources(home, stack));
  for (const stack of wanted) {
    const none = "there is none yet; make one with `onebranch up <stack>`";
    if (!existing.includes(stack)) throw unknownName("cluster", stack, existing, { none });
  }
  return wanted.length > 0 ? existing.filter((stack) => wanted.includes(stack)) : existing;
}

/** A stack that was only previewed, or in which a killed `up` had not created anything yet, is not a cluster. */
function hasResources(home: Home, stack: string): boolean {
  const deployment = readDeployment(home.state, stack);
  return deployment === undefined ? readRecord(home, stack) !== undefined : resourcesOf(deployment).length > 0;
}

/** The kubeconfig of a cluster, and the context when it is not the file's current one. Throws why there is none. */
export function kubeconfigOf(record: StackRecord | undefined): { text: string; context?: string } {
  if (record === undefined) throw new Error("this checkout does not know how to reach it");
  const { path, context } = record.kubeconfig;
  if (!existsSync(path)) throw new Error(`its kubeconfig ${path} is missing`);
  return { text: readFileSync(path, "utf8"), ...(context !== undefined && { context }) };
}
