import { argoCdApi } from "../../model/root";
import { listed, mergePatch, type ClusterApi, type KubeObject } from "../cluster/api";

const applications = `${argoCdApi}/applications`;

/**
 * Applications with a sync that began while the policies were not there, and that they refuse. Argo CD may no longer write down
 * that it has ended, so it would go on for ever.
 */
export async function refusedOperations(api: ClusterApi): Promise<string[]> {
  const syncing = (await listed(api, applications)).filter(({ operation }) => operation !== undefined).map(nameOf);
  // An update that changes nothing is judged like any other.
  const answers = await Promise.all(
    syncing.map((name) => api.request("PATCH", `${applications}/${name}?dryRun=All`, mergePatch({}))),
  );
  return syncing.filter((_, index) => answers[index]!.status === 422);
}

/** Argo CD begins another one, if one is still needed. */
export async function endRefusedOperations(api: ClusterApi): Promise<void> {
  const names = await refusedOperations(api);
  await Promise.all(
    names.map((name) => api.request("PATCH", `${applications}/${name}`, mergePatch({ operation: null }))),
  );
}

function nameOf({ metadata }: KubeObject): string {
  return metadata?.name ?? "";
}
