import { listed, type ClusterApi, type KubeObject } from "../cluster/api";

/** A release of Helm, by which its objects and its records are found. */
export interface Release {
  name: string;
  namespace: string;
}

/** The Secrets in which Helm records the revisions of a release, the newest first. */
export async function helmRecords(
  api: ClusterApi,
  { name, namespace }: Release,
  status?: string,
): Promise<KubeObject[]> {
  const selector = `owner=helm,name=${name}${status === undefined ? "" : `,status=${status}`}`;
  const path = `/api/v1/namespaces/${namespace}/secrets?labelSelector=${encodeURIComponent(selector)}`;
  return (await listed(api, path)).sort((a, b) => revisionOf(b) - revisionOf(a));
}

function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata?.labels?.version ?? 0);
}
