import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { argoCdNamespace } from "../../model/root";
import { besideOptions, type ClusterHandle } from "../cluster/handle";
import { argoCdNodePort } from "../providers/kind/cluster";
import type { Settings } from "../config";
import { EmbeddedArgoCd } from "../providers/embedded/resources";
import type { IdentityHandle } from "../identity";
import { mountedCheckout } from "../settings/repository";
import { configMaps } from "./config-maps";
import { installRelease } from "./release";
import { argoCdSettings } from "./settings";
import type { Placement } from "./values";

/** An Argo CD that runs. */
export interface ArgoCdHandle {
  /** What the root waits for: Argo CD with its CRDs. */
  resource: pulumi.Resource;
  /** Where UI and API answer. */
  url: pulumi.Output<string>;
  /** What has to run beside it for that address to answer; absent: nothing. */
  forward?: string;
}

/** Installs Argo CD: the official chart, or on embedded the runtime's own processes with the same settings. */
export function installArgoCd(settings: Settings, cluster: ClusterHandle, identity: IdentityHandle): ArgoCdHandle {
  const redisPassword = password("redis-password");
  const webhookSecret = password("webhook-secret");
  const { provider, pollSeconds, stack } = settings;
  const before = [identity.policy, identity.binding];
  switch (provider.kind) {
    case "embedded": {
      const maps = configMaps(argoCdSettings(pollSeconds));
      const argoCd = new EmbeddedArgoCd(
        "argocd",
        { name: stack, configMaps: maps, redisPassword, webhookSecret: webhookSecret },
        besideOptions(cluster, before),
      );
      return { resource: argoCd, url: argoCd.url };
    }
    case "kind": {
      const url = `https://127.0.0.1:${provider.port}`;
      return charted({ nodePort: argoCdNodePort, checkout: mountedCheckout }, url);
    }
    case "existing":
    case "eks":
      return charted(
        {},
        forwardedURL,
        `kubectl -n ${argoCdNamespace} port-forward service/argocd-server ${forwardedPort}:443`,
      );
    default:
      return provider satisfies never;
  }

  function charted(placement: Placement, url: string, forward?: string): ArgoCdHandle {
    const resource = installRelease({
      settings,
      cluster,
      before,
      argoCd: argoCdSettings(pollSeconds, url),
      placement,
      redisPassword,
      webhookSecret,
    });
    return { resource, url: pulumi.output(url), ...(forward ? { forward } : {}) };
  }
}

const forwardedPort = 8443;
const forwardedURL = `https://localhost:${forwardedPort}`;

/** Letters and digits only: they pass through command lines, URLs and YAML unchanged. */
function password(name: string): pulumi.Output<string> {
  return pulumi.secret(new random.RandomPassword(name, { length: 32, special: false }).result);
}
