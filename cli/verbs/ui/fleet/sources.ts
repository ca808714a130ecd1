import { firstPasswordCommand, firstUser } from "../../../../model/access";
import { plainOutput } from "../../../../model/deployment";
import type { Identity } from "../../../../model/identity";
import { lifetimeIn } from "../../../../model/lifetime";
import { argoCdNamespace } from "../../../../model/root";
import { clustersHere, kubeconfigOf } from "../../../stack/clusters";
import { matchingContexts, type Contexts } from "../../../stack/kubeconfig/contexts";
import type { Home } from "../../../stack/paths";
import { readRecord } from "../../../stack/record";
import { readDeployment } from "../../../stack/state";
import { shellQuoted } from "../../../terminal/shell";
import type { ClusterFacts, ClusterView } from "../views";

/** A cluster that the page shows, and how it is reached. */
export interface ClusterSource extends ClusterFacts {
  /** A kubeconfig and one of its contexts, the current one by default; throws why there is none. */
  kubeconfig(): { text: string; context?: string };
  argocd: ClusterView["argocd"];
  /** The kubectl command that shows its Applications. */
  kubectl: string;
}

/** The clusters of this checkout, or those of them that are named. */
export function stackSources(home: Home, wanted: readonly string[]): ClusterSource[] {
  return clustersHere(home, wanted).map((name) => {
    const record = readRecord(home, name);
    const { stage = "", ring = "", region = "", provider = "" } = (record?.identity ?? {}) as Partial<ClusterFacts>;
    const deployment = readDeployment(home.state, name) ?? {};
    const output = (key: string) => plainOutput(deployment, key);
    const [url, login] = [output("argocdURL"), output("argocdLogin")];
    const lifetime = lifetimeIn(deployment) ?? record?.lifetime;
    return {
      ...{ name, stage, ring, region, provider },
      ...(lifetime && { lifetime }),
      kubeconfig: () => kubeconfigOf(record),
      argocd: { ...(typeof url === "string" && { url }), ...(typeof login === "string" && { login }) },
      kubectl: record === undefined ? "" : kubectlLine(record.kubeconfig),
      isStack: true,
    };
  });
}

/**
 * The clusters of some contexts of a kubeconfig. What they are is read from the tree, where a cluster there has the context's name, and
 * otherwise from their Applications.
 */
export function contextSources(
  contexts: Contexts,
  patterns: readonly string[],
  clusters: ReadonlyMap<string, Identity>,
  read: () => Contexts,
): ClusterSource[] {
  const taken = new Set<string>();
  return matchingContexts(contexts, patterns).map((context) => {
    const name = clusterName(context, taken);
    taken.add(name);
    const { stage = "", ring = "", region = "", provider = "" } = clusters.get(name) ?? {};
    return {
      ...{ name, stage, ring, region, provider },
      kubeconfig: () => ({ text: read().text, context }),
      argocd: {
        login: `user ${firstUser}, password: ${firstPasswordCommand.replace("kubectl", `kubectl --context ${quoted(context)}`)}`,
      },
      kubectl: kubectlLine({ context, ...(contexts.named && { path: contexts.paths[0] }) }),
      isStack: false,
    };
  });
}

/** A name that an address of the page can hold: without the prefix of our own contexts, and with plain characters. */
function clusterName(context: string, taken: ReadonlySet<string>): string {
  const plain = context
    .replace(/^(kind-)?onebranch-/, "")
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "");
  const name = plain || "cluster";
  for (let number = 1; ; number++) {
    const tried = number === 1 ? name : `${name}-${number}`;
    if (!taken.has(tried)) return tried;
  }
}

const quoted = (text: string) => (/^[\w./@:-]+$/.test(text) ? text : shellQuoted(text));

function kubectlLine({ path, context }: { path?: string | undefined; context?: string }): string {
  const file = path === undefined ? "" : ` --kubeconfig ${quoted(path)}`;
  const of = context === undefined ? "" : ` --context ${quoted(context)}`;
  return `kubectl${file}${of} get applications --namespace ${argoCdNamespace}`;
}
