import { Directory } from "../../../../model/directory";
import { daysLeftOf, readExceptions, todayOf } from "../../../../model/exception";
import { endOf } from "../../../../model/lifetime";
import { argoCdNamespace } from "../../../../model/root";
import type { ApiServer } from "../../../stack/cluster/api-server";
import type { ClusterView, ExceptionView, FleetCluster } from "../views";
import type { ClusterSource } from "./sources";

/**
 * Everything that the page of one cluster shows.
 * @param root of the checkout
 */
export async function toClusterView(
  known: FleetCluster,
  source: ClusterSource,
  server: ApiServer | undefined,
  { root, now }: { root: string; now: Date },
): Promise<ClusterView> {
  const { name } = known;
  const asked = known.link.state === "live" ? server : undefined;
  const [identity, settings] = await Promise.all([
    asked && configMap(asked, "kube-system", "cluster-identity"),
    // A stack knows the address; who has a kubeconfig only finds it in Argo CD's settings.
    source.argocd.url === undefined ? asked && configMap(asked, argoCdNamespace, "argocd-cm") : undefined,
  ]);
  const url = source.argocd.url ?? (settings?.url === "" ? undefined : settings?.url);
  const ends = endOf(source.lifetime, now);
  const inTree = source.lifetime?.from ?? name;
  return {
    ...known,
    ...(identity !== undefined && { identity }),
    argocd: { ...source.argocd, ...(url !== undefined && { url }) },
    kubectl: source.kubectl,
    ...(ends !== undefined && { ends }),
    exceptions: exceptionsOf(root, inTree, todayOf(now)),
    commands: [
      ...(source.isStack ? [{ what: "what it has synced", line: `onebranch status ${name}` }] : []),
      { what: "where it differs from its stage", line: `onebranch exceptions ${inTree}` },
      ...(source.isStack
        ? [
            { what: "what was changed in it by hand", line: `onebranch drift ${name}` },
            { what: "its Argo CD in a browser", line: `onebranch open ${name}` },
            { what: "its kubeconfig", line: `onebranch kubeconfig ${name}` },
          ]
        : []),
      ...(source.lifetime ? [{ what: "another day for it", line: `onebranch up ${name} --ttl 24h` }] : []),
      { what: "the same objects with kubectl", line: source.kubectl },
    ].filter(({ line }) => line !== ""),
  };
}

/** What a ConfigMap says. Who may not read it sees the rest of the page all the same. */
async function configMap(
  server: ApiServer,
  namespace: string,
  name: string,
): Promise<Record<string, string> | undefined> {
  try {
    const found = await server.send("GET", `/api/v1/namespaces/${namespace}/configmaps/${name}`);
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
