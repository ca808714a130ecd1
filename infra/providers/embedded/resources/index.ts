import type * as pulumi from "@pulumi/pulumi";
import { LocalResource } from "../../../dynamic/resource";

export interface EmbeddedControlPlaneArgs {
  /** The cluster's name; it also names its directory below `.onebranch/clusters/`. */
  name: string;
}

/** etcd, API server, controller manager, scheduler and KWOK of one cluster, as processes of this user. */
export class EmbeddedControlPlane extends LocalResource {
  /** Administrator's kubeconfig; secret. */
  declare readonly kubeconfig: pulumi.Output<string>;
  /** `https://127.0.0.1:<port>`. */
  declare readonly server: pulumi.Output<string>;
  /** `v1.37.2`. */
  declare readonly version: pulumi.Output<string>;
  declare readonly running: pulumi.Output<boolean>;

  constructor(name: string, args: EmbeddedControlPlaneArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = ["kubeconfig", "server", "version", "running"];
    super("EmbeddedControlPlane", name, { ...args }, outputs, opts, ["kubeconfig"]);
  }
}

export interface EmbeddedArgoCdArgs {
  /** Name of the cluster it runs in; its EmbeddedControlPlane must come first (`dependsOn`). */
  name: string;
  /** ConfigMap name to data: `argocd-cm`, `argocd-rbac-cm`, `argocd-cmd-params-cm` and the like. */
  configMaps: pulumi.Input<Record<string, pulumi.Input<Record<string, pulumi.Input<string>>>>>;
  /** Secret. */
  redisPassword: pulumi.Input<string>;
  /** Secret; what Git hosts sign their webhooks with. */
  webhookSecret: pulumi.Input<string>;
  /** Secret of Argo CD's client at the identity provider. */
  oidcClientSecret?: pulumi.Input<string>;
}

/** Argo CD of one embedded cluster, as processes of this user. */
export class EmbeddedArgoCd extends LocalResource {
  /** `https://127.0.0.1:<port>`. */
  declare readonly url: pulumi.Output<string>;
  declare readonly running: pulumi.Output<boolean>;

  constructor(name: string, args: EmbeddedArgoCdArgs, opts?: pulumi.CustomResourceOptions) {
    super("EmbeddedArgoCd", name, { ...args }, ["url", "running"], opts);
  }
}
