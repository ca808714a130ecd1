import * as k8s from "@pulumi/kubernetes";
import { insideOptions, type ClusterHandle } from "../cluster/handle";
import type { Settings } from "../settings/settings";
import { secretObjects } from "./objects";

/**
 * Puts what the stack holds as secrets into a namespace that Git cannot reach. The tree's ClusterSecretStore reads it there with a
 * service account of its own.
 */
export function writeStageSecrets({ secrets }: Settings, cluster: ClusterHandle): void {
  if (secrets === undefined) return;
  const objects = secretObjects(secrets);
  const namespace = new k8s.core.v1.Namespace("secrets-namespace", objects.namespace, insideOptions(cluster));
  const inside = insideOptions(cluster, [namespace]);
  new k8s.core.v1.Secret("stage-secrets", objects.secret, inside);
  new k8s.core.v1.ServiceAccount("stage-secrets-reader", objects.account, inside);
  new k8s.rbac.v1.Role("stage-secrets-role", objects.role, inside);
  new k8s.rbac.v1.RoleBinding("stage-secrets-binding", objects.binding, inside);
}
