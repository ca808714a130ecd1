import { capabilityNames, type Capability } from "./capabilities";

/** What both the tool and the program need to know about a provider. The rest is in its own folder, infra/providers/<name>. */
interface ProviderFacts {
  /** Where its clusters come from, in a few words for help texts. */
  readonly summary: string;
  /** What its clusters can offer at most. */
  readonly capabilities: readonly Capability[];
  /** Whether its clusters live on this machine. Their state may be in the checkout then: both are lost together. */
  readonly isLocal: boolean;
}

const facts = {
  embedded: {
    summary: "processes on this machine, no Docker",
    // Pods become Running without containers, so nothing can do real work or be reached.
    capabilities: ["base"],
    isLocal: true,
  },
  kind: {
    summary: "Docker",
    capabilities: ["base", "nodes", "storage", "monitoring", "gateway", "signatures"],
    isLocal: true,
  },
  // The cluster is not ours to inspect, so we trust its cluster.yaml.
  existing: { summary: "a kubeconfig", capabilities: capabilityNames, isLocal: false },
  eks: { summary: "AWS", capabilities: capabilityNames, isLocal: false },
} as const satisfies Record<string, ProviderFacts>;

/** Where a cluster can come from. */
export type ProviderName = keyof typeof facts;

/** All providers; infra/providers/registry.ts lists the folder of each. */
export const providers: Readonly<Record<ProviderName, ProviderFacts>> = facts;

export const providerNames = Object.keys(providers) as ProviderName[];

/**
 * Whether clusters of a provider live on this machine. State written by another version may name a provider that this one does not
 * know.
 */
export function isLocal(provider: string): boolean {
  return Object.hasOwn(providers, provider) && providers[provider as ProviderName].isLocal;
}

/**
 * What a cluster can do on a provider: the capabilities that it declares and the provider can give, in the order of
 * capabilityNames.
 */
export function effectiveCapabilities(
  identity: { capabilities: readonly Capability[] },
  provider: ProviderName,
): Capability[] {
  const declared = new Set<string>(["base", ...identity.capabilities]);
  return providers[provider].capabilities.filter((capability) => declared.has(capability));
}
