import { Directory } from "../../../../model/directory";
import { daysLeftOf, readExceptions } from "../../../../model/exception";
import type { ApiServer } from "../../../stack/cluster/api-server";
import type { ClusterView, ExceptionView, FleetCluster } from "../views";
import type { ClusterSource } from "./sources";

/**
 * Everything that the page of one cluster shows.
 * @param root of the checkout
 * @param today YYYY-MM-DD
 */
export async function toClusterView(
  known: FleetCluster,
  source: ClusterSource,
  server: ApiServer | undefined,
  { root, today }: { root: string; today: string },
): Promise<ClusterView> {
  const { name } = known;
  const identity = known.link.state === "live" && server !== undefined ? await identityOf(server) : undefined;
  return {
    ...known,
    ...(identity !== undefined && { identity }),
    argocd: source.argocd,
    kubectl: source.kubectl,
    exceptions: exceptionsOf(root, name, today),
    commands: [
      { what: "what it has synced", line: `onebranch status ${name}` },
      { what: "where it differs from its stage", line: `onebranch exceptions ${name}` },
      { what: "the same objects with kubectl", line: source.kubectl },
    ].filter(({ line }) => line !== ""),
  };
}

/** What `up` wrote about the cluster for people to see. Who may not read it sees the rest of the page all the same. */
async function identityOf(server: ApiServer): Promise<Record<string, string> | undefined> {
  try {
    const found = await server.send("GET", "/api/v1/namespaces/kube-system/configmaps/cluster-identity");
    return (JSON.parse(found) as { data?: Record<string, string> }).data;
  } catch {
    return undefined;
  }
}

/** The cluster's exceptions in the working tree; those of a file with faults are for `check` to speak about. */
function exceptionsOf(root: string, cluster: string, today: string): ExceptionView[] {
  const file = new Directory(root).yaml(`gitops/clusters/${cluster}/exceptions.yaml`);
  const entries = (file && readExceptions(file).value) ?? [];
  return entries
    .map((entry) => {
      const { component, keys = [], pin, owner, reason, ticket, expires } = entry;
      const what = pin ?? keys.join(", ");
      return { component, what, owner, reason, ticket, expires, daysLeft: daysLeftOf(entry, today) };
    })
    .sort((a, b) => a.daysLeft - b.daysLeft);
}
