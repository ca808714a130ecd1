import type * as pulumi from "@pulumi/pulumi";
import type { ArgoCdAccess } from "../../model/access";
import type { KubeObject } from "../cluster/api";
import type { ClusterHandle } from "../cluster/handle";
import type { Release } from "./helm-records";
import type { ProviderSettings, Settings } from "../settings/settings";

/** What Argo CD is installed with, whatever the provider. */
export interface ArgoCdRequest<P extends ProviderSettings = ProviderSettings> {
  settings: Settings<P>;
  cluster: ClusterHandle;
  /** What must be there before Argo CD runs. */
  before: pulumi.Resource[];
  redisPassword: pulumi.Output<string>;
  /** What Git hosts sign their webhooks with. */
  webhookSecret: pulumi.Output<string>;
}

/** An Argo CD that runs. */
export interface ArgoCdHandle {
  /** What the root waits for: Argo CD with its CRDs. */
  resource: pulumi.Resource;
  /** Where UI and API answer. */
  url: pulumi.Output<string>;
  /** What it takes that they do. */
  access: ArgoCdAccess;
  /** What `up` restores where somebody changed it; absent: the provider restores it by itself. */
  restored?: {
    /** The release that made these objects. */
    release: Release;
    /** Written beside the release. Texts in them may be outputs. */
    objects: Pick<KubeObject, "metadata">[];
  };
}
