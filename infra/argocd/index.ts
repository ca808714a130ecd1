import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { ClusterHandle } from "../cluster/handle";
import type { IdentityHandle } from "../identity";
import { providerOf } from "../providers";
import type { Settings } from "../settings/settings";
import type { ArgoCdHandle } from "./handle";

/** Installs Argo CD as the provider does it, with secrets of its own. */
export function installArgoCd(settings: Settings, cluster: ClusterHandle, identity: IdentityHandle): ArgoCdHandle {
  return providerOf(settings)
    .resources()
    .installArgoCd({
      settings,
      cluster,
      before: identity.policies,
      redisPassword: password("redis-password"),
      webhookSecret: password("webhook-secret"),
    });
}

/** Letters and digits only: they pass through command lines, URLs and YAML unchanged. */
function password(name: string): pulumi.Output<string> {
  return pulumi.secret(new random.RandomPassword(name, { length: 32, special: false }).result);
}
