import type { Cluster } from "@pulumi/aws/eks/cluster";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings/settings";
import { admitAdmins, makeControlPlane } from "./control-plane";
import { makeIdentities } from "./identities";
import { makeNetwork } from "./network";
import { makeNodeGroup, nodeRole } from "./nodes";
import { openScope } from "./scope";
import type { EksSettings } from "./settings";

/** A cluster in the account. */
export interface AwsCluster {
  cluster: Cluster;
  /** What must be there besides it before anything is put into it, and until it is out again. */
  ready: pulumi.Resource[];
}

/** Everything of a stack that AWS has; made before anything else of the stack. */
export function makeAws(settings: Settings<EksSettings>): AwsCluster {
  if (settings.provider.isProtected) protectAll();
  const scope = openScope(settings);
  const { compute } = settings.provider;
  const network = makeNetwork(scope);
  const nodes = nodeRole(scope);
  const cluster = makeControlPlane(scope, network, nodes);
  return {
    cluster,
    ready: [
      ...admitAdmins(scope, cluster),
      ...(compute.mode === "node-group" ? makeNodeGroup(scope, compute, network, cluster, nodes) : []),
      ...makeIdentities(scope, cluster),
    ],
  };
}

/**
 * Protects every resource of the stack. A `destroy` deletes first what stands on others: with the cluster alone protected, it
 * would empty the cluster before it is refused.
 */
function protectAll(): void {
  pulumi.runtime.registerResourceTransform(({ props, opts }) => ({ props, opts: { ...opts, protect: true } }));
}
