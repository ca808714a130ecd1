import { parseExport, resourcesOf } from "../../model/deployment";
import type { StackRun } from "./task";

/** The part of a run that a refresh needs. */
interface RefreshingRun {
  opened: Pick<StackRun["opened"], "exportState" | "refresh">;
}

/**
 * Whether a resource is outside the cluster and has a provider of Pulumi that can look at it. Objects in the cluster are put back by
 * other means, and what this checkout implements itself is looked at in each run.
 */
export function isOutside(type: string): boolean {
  return !/^(kubernetes|pulumi|pulumi-nodejs):/.test(type);
}

/**
 * Has Pulumi look at what is outside the cluster. An update compares the program with the state alone, so it would leave what somebody
 * changed there.
 */
export async function refreshOutside({ opened }: RefreshingRun): Promise<void> {
  const known = resourcesOf(parseExport(await opened.exportState()));
  const outside = known.filter(({ type, custom }) => custom === true && isOutside(type));
  if (outside.length > 0) await opened.refresh(outside.map(({ urn }) => urn));
}
