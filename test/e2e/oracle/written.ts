import type { Application } from "../../../cli/tree/renderer";

const added = [
  "kubectl.kubernetes.io/last-applied-configuration",
  "argocd.argoproj.io/refresh",
  "argocd.argoproj.io/refresh-timestamp",
];

/** What an Application's author wrote, without what the cluster adds. */
export function written({ apiVersion, kind, metadata, spec }: Application): object {
  const { name, namespace, labels, annotations, finalizers } = metadata;
  const own = Object.entries(annotations ?? {}).filter(([key]) => !added.includes(key));
  return JSON.parse(
    JSON.stringify({
      apiVersion,
      kind,
      name,
      namespace,
      labels: labels ?? {},
      annotations: Object.fromEntries(own),
      finalizers: finalizers ?? [],
      spec,
    }),
  ) as object;
}
