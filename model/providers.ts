import { capabilityNames, type Capability } from "./capabilities";

/** What the tool and the program both need to know of a provider. The rest is in its room, infra/providers/<name>. */
interface ProviderFacts {
  /** Where its clusters come from, in a few words for help texts. */
  readonly summary: string;
  /** What its clusters can offer at most. */
  readonly capabilities: readonly Capability[];
  /** Whether its clusters live on this machine: their state may lie in the checkout, since it shares their fate. */
  readonly isLocal: boolean;
}

const facts = {
  embedded: {
    summary: "processes on this machine, no Docker",
    // Pods get Running without containers: nothing that has to do work or be reached.
    capabilities: ["base"],
    isLocal: true,
  },
  kind: { summary: "Docker", capabilities: ["base", "nodes", "storage"], isLocal: true },
  // Somebody else's cluster: what its cluster.yaml says is believed.
  existing: { summary: "a kubeconfig", capabilities: capabilityNames, isLocal: false },
  eks: { summary: "AWS", capabilities: capabilityNames, isLocal: false },
} as const satisfies Record<string, ProviderFacts>;

/** Where a cluster can come from. */
export type ProviderName = keyof typeof facts;

/** All providers; infra/providers/registry.ts has a room for each. */
export const providers: Readonly<Record<ProviderName, ProviderFacts>> = facts;

export const providerNames = Object.keys(providers) as ProviderName[];

/** Whether clusters of a provider live on this machine. State of another version may name a provider that is not known here. */
export function isLocal(provider: string): boolean {
  return Object.hasOwn(providers, provider) && providers[provider as ProviderName].isLocal;
}

/** What a cluster can do when it runs on a provider: declared and possible there, in the order of capabilityNames. */
export function effectiveCapabilities(
  identity: { capabilities: readonly Capability[] },
  provider: ProviderName,
): Capability[] {
  const declared = new Set<string>(["base", ...identity.capabilities]);
  return providers[provider].capabilities.filter((capability) => declared.has(capability));
}
