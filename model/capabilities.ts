/** Everything a cluster can be able to do; a pin may require one of them. `base` is what every cluster can. */
export const capabilityNames = ["base", "nodes", "storage", "loadbalancer", "dns"] as const;

export type Capability = (typeof capabilityNames)[number];
