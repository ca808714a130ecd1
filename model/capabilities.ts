import type { ProviderName } from "./providers";

/** Everything a cluster can be able to do; a pin may require one of them. `base` is what every cluster can. */
export const capabilityNames = ["base", "nodes", "storage", "loadbalancer", "dns"] as const;

export type Capability = (typeof capabilityNames)[number];

const possible: Record<ProviderName, readonly Capability[]> = {
  // Pods get Running without containers: nothing that has to do work or be reached.
  embedded: ["base"],
  kind: ["base", "nodes", "storage"],
  eks: capabilityNames,
  // Somebody else's cluster: what its cluster.yaml says is believed.
  existing: capabilityNames,
};

/** What clusters of a provider can offer at most. */
export function capabilitiesOf(provider: ProviderName): readonly Capability[] {
  return possible[provider];
}

/** What a cluster can do when it runs on a provider: declared and possible there, in the order of capabilityNames. */
export function effectiveCapabilities(
  identity: { capabilities: readonly Capability[] },
  provider: ProviderName,
): Capability[] {
  const declared = new Set<string>(["base", ...identity.capabilities]);
  return possible[provider].filter((capability) => declared.has(capability));
}
