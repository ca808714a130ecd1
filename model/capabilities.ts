/** Everything that a cluster may be able to do; a pin may require one of them. Every cluster has `base`. */
export const capabilityNames = ["base", "nodes", "storage", "loadbalancer", "dns", "monitoring"] as const;

export type Capability = (typeof capabilityNames)[number];
