import type * as pulumi from "@pulumi/pulumi";
import { besideOptions, type ClusterHandle } from "../cluster/handle";
import { LocalResource } from "../dynamic/resource";

class Monitoring extends LocalResource {
  declare readonly served: pulumi.Output<boolean>;

  constructor(inputs: Record<string, unknown>, options: pulumi.CustomResourceOptions) {
    super("Monitoring", "monitoring", inputs, ["served"], options);
  }
}

/** Whether the cluster can have ServiceMonitors, as each run finds it. */
export function monitorsServed(cluster: ClusterHandle, after: pulumi.Resource[]): pulumi.Output<boolean> {
  return new Monitoring({ kubeconfig: cluster.kubeconfig }, besideOptions(cluster, after)).served;
}
