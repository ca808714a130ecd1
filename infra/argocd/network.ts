import type { Mapping } from "../../model/mapping";
import { argoCdNamespace } from "../../model/root";
import type { Installation } from "../settings/installation";

/** The values for who may connect to what. */
export function policyValues({ networkPolicy, profile }: Pick<Installation, "networkPolicy" | "profile">): Mapping {
  return {
    global: { networkPolicy: { create: networkPolicy, defaultDenyIngress: networkPolicy } },
    // The chart has a policy for a single redis only. The rule that denies the rest would cut off all three of redis-ha.
    ...(networkPolicy && profile === "ha" ? { extraObjects: [redisPolicy] } : {}),
  };
}

const redisPolicy = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "argocd-redis-ha", namespace: argoCdNamespace },
  spec: {
    podSelector: {
      matchLabels: { release: "argocd" },
      matchExpressions: [{ key: "app", operator: "In", values: ["redis-ha", "redis-ha-haproxy"] }],
    },
    // Only Argo CD has pods in its namespace.
    ingress: [{ from: [{ podSelector: {} }] }],
    policyTypes: ["Ingress"],
  },
};

/**
 * The values for the way from the host name to the server. TLS ends before the server: no Ingress says in a standard way that what
 * is behind it speaks TLS, and the server would answer plain requests with a redirection to itself, for ever.
 */
export function routeValues({ route }: Pick<Installation, "route">, host: string | undefined): Mapping {
  if (host === undefined) return {};
  const global = { domain: host };
  if (!route) return { global };
  const configs = { params: { "server.insecure": "true" } };
  if (route.kind === "httproute") {
    const { namespace, name, listener } = route;
    const parent = { namespace, name, ...(listener !== undefined && { sectionName: listener }) };
    return { global, configs, server: { httproute: { enabled: true, parentRefs: [parent], hostnames: [host] } } };
  }
  const { className, issuer } = route;
  const ingress = {
    enabled: true,
    hostname: host,
    tls: true,
    ...(className !== undefined && { ingressClassName: className }),
    ...(issuer !== undefined && { annotations: { "cert-manager.io/cluster-issuer": issuer } }),
  };
  return { global, configs, server: { ingress } };
}
