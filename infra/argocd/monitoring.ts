import type * as pulumi from "@pulumi/pulumi";
import { besideOptions, type ClusterHandle } from "../cluster/handle";
import { LocalResource } from "../dynamic/resource";

class Monitoring extends LocalResource {
  declare readonly served: pulumi.Output<boolean>;
}

/** Whether the cluster can have ServiceMonitors, as each run finds it. */
export function monitorsServed(cluster: ClusterHandle, after: pulumi.Resource[]): pulumi.Output<boolean> {
  const inputs = { kubeconfig: cluster.kubeconfig };
  return new Monitoring("Monitoring", "monitoring", inputs, ["served"], besideOptions(cluster, after)).served;
}
