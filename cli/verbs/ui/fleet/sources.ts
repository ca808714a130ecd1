import { plainOutput } from "../../../../model/deployment";
import { lifetimeIn } from "../../../../model/lifetime";
import { apiServer, type ApiServer } from "../../../stack/cluster/api-server";
import { clustersHere, kubeconfigOf } from "../../../stack/clusters";
import type { Home } from "../../../stack/paths";
import { readRecord } from "../../../stack/record";
import { readDeployment } from "../../../stack/state";
import type { ClusterFacts, ClusterView } from "../views";

/** A cluster that the page shows, and how it is reached. */
export interface ClusterSource extends ClusterFacts {
  /** Throws why it cannot be reached. */
  connect(): ApiServer;
  argocd: ClusterView["argocd"];
  kubectl: string;
  /** The cluster whose identity an ephemeral stack takes. */
  from?: string;
}

/** The clusters of this checkout, or those of them that are named. */
export function stackSources(home: Home, wanted: readonly string[]): ClusterSource[] {
  return clustersHere(home, wanted).map((name) => {
    const record = readRecord(home, name);
    const { stage = "", region = "", provider = "" } = record?.identity ?? {};
    const deployment = readDeployment(home.state, name) ?? {};
    const { from } = lifetimeIn(deployment) ?? record?.lifetime ?? {};
    const output = (key: string) => plainOutput(deployment, key);
    const [url, login] = [output("argocdURL"), output("argocdLogin")];
    return {
      ...{ name, stage, region, provider, ...(from !== undefined && { from }) },
      connect: () => {
        const { text, context } = kubeconfigOf(record);
        return apiServer(text, context);
      },
      argocd: { ...(typeof url === "string" && { url }), ...(typeof login === "string" && { login }) },
      kubectl: record === undefined ? "" : kubectlLine(record.kubeconfig),
    };
  });
}

function kubectlLine({ path, context }: { path: string; context?: string }): string {
  const quoted = /^[\w./@:-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
  return `kubectl --kubeconfig ${quoted}${context === undefined ? "" : ` --context ${context}`} get applications --namespace argocd`;
}
