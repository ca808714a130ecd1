import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ArgoCdHandle, ArgoCdRequest } from "../../argocd/handle";
import { forwardedSite, installRelease } from "../../argocd/release";
import type { ClusterHandle } from "../../cluster/handle";
import { serverOf } from "../../../model/kubeconfig";
import type { Settings } from "../../settings/settings";
import type { ExistingSettings } from "./settings";

/**
 * Reaches the cluster by kubeconfig and context. Its address is its identifier: certificates may be renewed without anything
 * having to be made again.
 */
export function makeCluster({ provider: settings }: Settings<ExistingSettings>): ClusterHandle {
  const kubeconfig = pulumi.secret(settings.kubeconfig);
  const server = serverOf(settings.kubeconfig);
  const provider = new k8s.Provider("kubernetes", { kubeconfig, clusterIdentifier: server, enableSecretMutable: true });
  return { kubeconfig, provider, server: pulumi.output(server), dependsOn: [] };
}

export function installArgoCd(request: ArgoCdRequest): ArgoCdHandle {
  return installRelease(request, forwardedSite);
}
