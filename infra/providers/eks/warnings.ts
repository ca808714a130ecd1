import type { Settings } from "../../settings/settings";
import type { EksSettings } from "./settings";

/** One zone that fails would cut off the nodes of all three; of a cluster that is kept, nobody expects that. */
export function oneWayOut({ stack, stage, lifetime, provider }: Settings<EksSettings>): string | undefined {
  const { network, isProtected } = provider;
  const isKept = isProtected || (stage.confirmPrune && lifetime === undefined);
  if (!isKept || !("nat" in network) || network.nat === "per-zone") return undefined;
  return `eksNat is single: no node of ${stack} reaches the internet while the zone of its one NAT gateway fails; for a cluster that is kept, use one in each zone: pulumi config rm eksNat`;
}

/** A person without a way into the network would learn it only once the cluster is made. */
export function answersInsideOnly({ stack, provider }: Settings<EksSettings>): string | undefined {
  if (provider.publicCidrs.length > 0) return undefined;
  return `eksPublicCidrs is empty: the API server of ${stack} answers inside its network only; run this there or through a VPN, or name your addresses: pulumi config set eksPublicCidrs '["198.51.100.7/32"]'`;
}
