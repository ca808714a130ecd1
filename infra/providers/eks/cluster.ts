import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ArgoCdHandle, ArgoCdRequest } from "../../argocd/handle";
import { forwardedSite, installRelease } from "../../argocd/release";
import type { ClusterHandle } from "../../cluster/handle";
import { clusterFingerprint } from "../../../model/kubeconfig";
import { LocalResource } from "../../dynamic/resource";
import type { Settings } from "../../settings/settings";
import { makeAws } from "./aws";
import { execKubeconfig } from "./kubeconfig";
import type { EksSettings } from "./settings";

/** A cluster on AWS, with everything it stands on. */
export function makeCluster(settings: Settings<EksSettings>): ClusterHandle {
  const { stack, provider: own } = settings;
  const { cluster, ready } = makeAws(settings);
  const plain = pulumi
    .all([cluster.endpoint, cluster.certificateAuthority.data])
    .apply(([server, authority]) => execKubeconfig({ ...own, server, authority }));
  const access = new LocalResource("EksAccess", "access", { stack, kubeconfig: plain }, [], { dependsOn: ready });
  const kubeconfig = pulumi.secret(plain);
  const provider = new k8s.Provider(
    "kubernetes",
    // A cluster that cannot be reached for a while is still there, so nothing in it is taken for deleted.
    { kubeconfig, clusterIdentifier: plain.apply(clusterFingerprint), enableSecretMutable: true },
    { deletedWith: cluster },
  );
  return {
    kubeconfig,
    provider,
    server: cluster.endpoint,
    deletedWith: cluster,
    dependsOn: [cluster, ...ready, access],
  };
}

export function installArgoCd(request: ArgoCdRequest): ArgoCdHandle {
  return installRelease(request, forwardedSite);
}
