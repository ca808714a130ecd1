import type { Settings } from "../config";
import { embeddedCluster } from "../providers/embedded/cluster";
import { existingCluster } from "../providers/existing/cluster";
import type { ClusterHandle } from "./handle";
import { kindCluster } from "../providers/kind/cluster";

/** Makes or reaches the cluster of the settings. */
export function makeCluster(settings: Settings): ClusterHandle {
  const { provider } = settings;
  switch (provider.kind) {
    case "embedded":
      return embeddedCluster(settings.stack, provider);
    case "kind":
      return kindCluster(settings.stack, settings.root, provider);
    case "existing":
      return existingCluster(provider);
    case "eks":
      throw new Error("eks has no cluster yet; the settings refuse it");
    default:
      return provider satisfies never;
  }
}
