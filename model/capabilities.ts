/** Everything that a cluster may be able to do, and what that means; a pin may require some of it. Every cluster has `base`. */
export const capabilityTexts = {
  base: "nothing special",
  nodes: "nodes that run containers",
  storage: "volumes for claims",
  loadbalancer: "addresses for Services of the type LoadBalancer",
  dns: "DNS records that the cluster may write",
  monitoring: "Prometheus Operator, which reads ServiceMonitors and rules",
  gateway: "a controller for Gateways and their routes",
  "aws-load-balancer": "load balancers of AWS, made by a controller of the cluster: EKS without Auto Mode",
  signatures: "pods only of signed images, in namespaces that ask for it",
} as const satisfies Record<string, string>;

export type Capability = keyof typeof capabilityTexts;

export const capabilityNames = Object.keys(capabilityTexts) as Capability[];

/** What a pin requires: one capability, or several that a cluster must all have. */
export type Requirement = Capability | Capability[];

/** The capabilities that a pin requires. */
export function required(requires: Requirement): readonly Capability[] {
  return typeof requires === "string" ? [requires] : requires;
}

/** What a cluster lacks of what a pin requires. */
export function lackingCapabilities(requires: Requirement, able: readonly string[]): Capability[] {
  return required(requires).filter((capability) => capability !== "base" && !able.includes(capability));
}
