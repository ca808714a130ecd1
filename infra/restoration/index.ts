import * as pulumi from "@pulumi/pulumi";
import { appliedAnnotations } from "../../model/root";
import type { ArgoCdHandle } from "../argocd/handle";
import { rootObjects } from "../argocd/root";
import type { KubeObject } from "../cluster/api";
import { besideOptions, type ClusterHandle } from "../cluster/handle";
import { LocalResource } from "../dynamic/resource";
import { policyObjects } from "../identity/objects";
import { secretObjects } from "../secrets/objects";
import type { Settings } from "../settings/settings";

/** Restores what a commit, or a person, changed of the objects that control Argo CD, although Pulumi's records say "unchanged". */
export function restoreChanged(
  settings: Settings,
  cluster: ClusterHandle,
  { restored }: ArgoCdHandle,
  after: pulumi.Resource[],
): pulumi.Resource {
  const ours = [
    ...policyObjects(settings),
    ...Object.values(rootObjects(settings)),
    ...Object.values(settings.secrets ? secretObjects(settings.secrets) : {}),
    ...(restored?.objects ?? []),
  ];
  const objects = pulumi.secret(ours.map(applied));
  return new LocalResource(
    "Restoration",
    "restoration",
    { kubeconfig: cluster.kubeconfig, objects, ...(restored && { release: restored.release }) },
    [],
    besideOptions(cluster, after),
  );
}

/** As Pulumi applies it, so that both write the same. */
function applied({ metadata = {}, ...rest }: Pick<KubeObject, "metadata">) {
  return { ...rest, metadata: { ...metadata, annotations: { ...metadata.annotations, ...appliedAnnotations } } };
}
