import * as pulumi from "@pulumi/pulumi";
import { appliedAnnotations } from "../../model/root";
import { rootObjects } from "../argocd/root";
import type { KubeObject } from "../cluster/api";
import { besideOptions, type ClusterHandle } from "../cluster/handle";
import { LocalResource } from "../dynamic/resource";
import { policyObjects } from "../identity/objects";
import type { Settings } from "../settings/settings";

/** Restores what a commit, or a person, changed of the objects that control Argo CD, although Pulumi's records say "unchanged". */
export function restoreChanged(settings: Settings, cluster: ClusterHandle, after: pulumi.Resource[]): pulumi.Resource {
  const objects = [...policyObjects(settings), ...Object.values(rootObjects(settings))].map(applied);
  return new LocalResource(
    "Restoration",
    "restoration",
    { kubeconfig: cluster.kubeconfig, objects: pulumi.secret(objects) },
    [],
    besideOptions(cluster, after),
  );
}

/** As Pulumi applies it, so that both write the same. */
function applied<T extends KubeObject>(object: T) {
  const { metadata = {}, ...rest } = object as KubeObject;
  return { ...rest, metadata: { ...metadata, annotations: { ...metadata.annotations, ...appliedAnnotations } } };
}
