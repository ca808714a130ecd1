import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { besideOptions, type ClusterHandle } from "../cluster/handle";
import type { Settings } from "../settings/settings";
import { LocalResource } from "../dynamic/resource";
import type { IdentityHandle } from ".";
import { policyObjects } from "./objects";
import { scopeOf } from "./scope";

/**
 * Proves with requests to the API server that the policies work, before anything makes Applications. It needs Argo CD's CRDs. The
 * proof is repeated when the identity or a policy changes.
 */
export function proveIdentity(
  settings: Settings,
  cluster: ClusterHandle,
  identity: IdentityHandle,
  argoCd: pulumi.Resource,
): pulumi.Resource {
  const policy = createHash("sha256")
    .update(JSON.stringify(policyObjects(settings)))
    .digest("hex");
  return new LocalResource(
    "IdentityProof",
    "identity-proof",
    { kubeconfig: cluster.kubeconfig, scope: scopeOf(settings), policy },
    [],
    besideOptions(cluster, [...identity.policies, argoCd]),
  );
}
