import { serverOf } from "../../../model/kubeconfig";
import type { StateResource } from "../../../model/deployment";
import { UserError } from "../../../model/errors";
import { clusterApi, found, type ClusterApi, type KubeObject } from "../../cluster/api";
import { exportedState, type ReadState } from "../../state";
import type { ExistingSettings } from "./settings";

/** What the look at a cluster uses. Replaced in tests. */
export interface Way {
  api: ClusterApi;
  readState: ReadState;
}

/** Who the cluster is, as Pulumi writes it. */
const identityPath = "/api/v1/namespaces/kube-system/configmaps/cluster-identity";

/**
 * Looks whether the context leads to the cluster that the stack means.
 * @throws UserError before anything is written: nothing answers there, another stack has the cluster, or this stack has another one
 */
export async function checkExisting(
  stack: string,
  { kubeconfig, context, path }: ExistingSettings,
  { api, readState }: Way = { api: clusterApi(kubeconfig), readState: exportedState },
): Promise<void> {
  const where = `the context ${context} of ${path}`;
  const server = serverOf(kubeconfig);
  const identity = await readIdentity(api, `${where} (${server})`);
  const owner = (identity?.data as { stack?: string } | undefined)?.stack;
  if (owner !== undefined && owner !== stack) {
    throw refusal(
      `${where} leads to the cluster of the stack ${owner} (${server}), and not of ${stack}`,
      `name that of ${stack}: pulumi config set kubeconfigContext <context>`,
    );
  }
  const known = knownCluster((await readState(stack)) ?? []);
  if (known === undefined || known.server === server || known.uid === identity?.metadata?.uid) return;
  throw refusal(
    `the stack ${stack} is in the cluster ${known.server}, and ${where} leads to another one, ${server}`,
    `name the context of the first; to move the stack, run \`onebranch destroy ${stack}\` before`,
  );
}

async function readIdentity(api: ClusterApi, where: string): Promise<KubeObject | undefined> {
  try {
    return await found(api.request("GET", identityPath));
  } catch (error) {
    throw refusal(
      `${where} does not let this login in: ${error instanceof Error ? error.message : String(error)}`,
      "a private endpoint is reached from inside its network only, so run this there or through a VPN; for a login, look whether `kubectl get nodes` works with that context",
    );
  }
}

/** The cluster that the stack was in last: its address, and the id of the ConfigMap that was written there. */
function knownCluster(state: readonly StateResource[]): { server: string; uid: string | undefined } | undefined {
  const server = state.find(({ type }) => type === "pulumi:providers:kubernetes")?.inputs?.clusterIdentifier;
  if (typeof server !== "string") return undefined;
  const written = state.find(({ urn }) => urn.endsWith("::cluster-identity"))?.outputs;
  return { server, uid: (written?.metadata as { uid?: string } | undefined)?.uid };
}

function refusal(what: string, fix: string): UserError {
  return new UserError(`${what}; ${fix}`, { exitCode: 1 });
}
