import * as pulumi from "@pulumi/pulumi";
import { argoCdConfig, configMaps } from "../../argocd/config";
import type { ArgoCdHandle, ArgoCdRequest } from "../../argocd/handle";
import { besideOptions, ownedProvider, type ClusterHandle } from "../../cluster/handle";
import type { Settings } from "../../settings/settings";
import { EmbeddedArgoCd, EmbeddedControlPlane } from "./resources";
import type { EmbeddedSettings } from "./settings";

/** A control plane of local processes. */
export function makeCluster({ stack }: Settings<EmbeddedSettings>): ClusterHandle {
  const controlPlane = new EmbeddedControlPlane("control-plane", { name: stack });
  const kubeconfig = pulumi.secret(controlPlane.kubeconfig);
  return {
    kubeconfig,
    provider: ownedProvider(kubeconfig, controlPlane),
    server: controlPlane.server,
    deletedWith: controlPlane,
    dependsOn: [controlPlane],
  };
}

/** The runtime's own Argo CD, with the configuration that the official chart would get. */
export function installArgoCd({
  settings,
  cluster,
  before,
  redisPassword,
  webhookSecret,
}: ArgoCdRequest): ArgoCdHandle {
  const { argocd, pollSeconds } = settings;
  const clientSecret = argocd.sso?.clientSecret;
  const argoCd = new EmbeddedArgoCd(
    "argocd",
    {
      name: settings.stack,
      configMaps: configMaps(argoCdConfig(pollSeconds, undefined, { ...argocd, ...settings.installation })),
      redisPassword,
      webhookSecret,
      ...(clientSecret !== undefined && { oidcClientSecret: pulumi.secret(clientSecret) }),
    },
    besideOptions(cluster, before),
  );
  return { resource: argoCd, url: argoCd.url, access: "api" };
}
