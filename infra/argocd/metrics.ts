import type { Mapping } from "../../model/mapping";

/** The parts of Argo CD that have metrics. The chart's redis needs another image for them. */
const measured = ["controller", "repoServer", "server", "applicationSet", "notifications"] as const;

/**
 * The values for metrics, where the cluster has the capability `monitoring`.
 * @param served whether the cluster already has the kind ServiceMonitor, which comes with an add-on that Argo CD installs
 */
export function metricsValues(served: unknown, labels: Readonly<Record<string, string>>): Mapping {
  const serviceMonitor = { enabled: served, additionalLabels: labels };
  return Object.fromEntries(measured.map((part) => [part, { metrics: { enabled: true, serviceMonitor } }]));
}
