import { groupOf } from "../../../../model/api-group";
import type { ApplicationSpec, KubernetesObject } from "../../../tree/renderer";
import { nameClusters, sourceOf, type Rendered } from "../evaluation";
import type { Rule } from "../rule";
import { lineOfText } from "../source/files";

export const autoscaledReplicas: Rule = {
  id: "autoscaled-replicas",
  needs: "manifests",
  async check(input, report) {
    const { rendered } = await input.evaluated.manifests();
    const scaled = targets(rendered);
    if (scaled.size === 0) return;
    for (const one of rendered) {
      for (const { apiVersion, kind, namespace, name, source, object } of one.manifests) {
        const replicas = (object.spec as { replicas?: unknown } | undefined)?.replicas;
        if (replicas === undefined || replicas === null) continue;
        const by = one.clusters.flatMap((cluster) => {
          const found = scaled.get(keyOf(cluster, namespace, apiVersion, kind, name));
          return found === undefined || isPaused(found, replicas) ? [] : { cluster, ...found };
        });
        if (by.length === 0 || isIgnored(one.expanded.application.spec, { apiVersion, kind, namespace, name }))
          continue;
        const autoscaler = `${by[0]!.kind} ${by[0]!.name}`;
        const message = `${kind} ${name} of ${one.application} sets replicas, and so does the ${autoscaler} in ${nameClusters(by.map(({ cluster }) => cluster))}`;
        const at = lineOfText(input.files, sourceOf(input.files, one, source), "replicas:");
        report.finding(at, message, "leave replicas out where the autoscaler is on");
      }
    }
  },
};

interface Autoscaler {
  kind: string;
  name: string;
}

/** What autoscalers scale, in each cluster. */
function targets(rendered: readonly Rendered[]): Map<string, Autoscaler> {
  const found = new Map<string, Autoscaler>();
  for (const one of rendered) {
    for (const { apiVersion, kind, namespace, name, object } of one.manifests) {
      if (!isAutoscaler(apiVersion, kind)) continue;
      const { scaleTargetRef: to = {} } = (object.spec ?? {}) as {
        scaleTargetRef?: Partial<KubernetesObject & Autoscaler>;
      };
      if (to.name === undefined) continue;
      // KEDA's defaults; a HorizontalPodAutoscaler has to name a kind.
      const { apiVersion: of = "apps/v1", kind: what = "Deployment" } = to;
      for (const cluster of one.clusters) found.set(keyOf(cluster, namespace, of, what, to.name), { kind, name });
    }
  }
  return found;
}

function isAutoscaler(apiVersion: string, kind: string): boolean {
  return (
    (kind === "HorizontalPodAutoscaler" && apiVersion.startsWith("autoscaling/")) ||
    (kind === "ScaledObject" && apiVersion.startsWith("keda.sh/"))
  );
}

/** 0 switches a HorizontalPodAutoscaler off. */
function isPaused({ kind }: Autoscaler, replicas: unknown): boolean {
  return kind === "HorizontalPodAutoscaler" && replicas === 0;
}

function keyOf(cluster: string, namespace: string | undefined, apiVersion: string, kind: string, name: string): string {
  return [cluster, namespace, groupOf(apiVersion), kind, name].join("\n");
}

interface Ignored {
  group?: string;
  kind?: string;
  name?: string;
  namespace?: string;
  jsonPointers?: string[];
  jqPathExpressions?: string[];
  managedFieldsManagers?: string[];
}

/** Whether Argo CD ignores `replicas`, both when it compares and when it syncs. */
function isIgnored(
  { ignoreDifferences = [], syncPolicy }: ApplicationSpec & { ignoreDifferences?: Ignored[] },
  {
    apiVersion,
    kind,
    namespace,
    name,
  }: { apiVersion: string; kind: string; namespace: string | undefined; name: string },
): boolean {
  if (!syncPolicy?.syncOptions?.includes("RespectIgnoreDifferences=true")) return false;
  const group = groupOf(apiVersion);
  const fits = (wanted: string | undefined, is: string | undefined) => !wanted || wanted === "*" || wanted === is;
  return ignoreDifferences.some(
    (one) =>
      (one.group === "*" || (one.group ?? "") === group) &&
      fits(one.kind, kind) &&
      fits(one.name, name) &&
      fits(one.namespace, namespace) &&
      (one.jsonPointers?.some((pointer) => pointer === "/spec/replicas" || pointer === "/spec") ||
        one.jqPathExpressions?.some((path) => path === ".spec.replicas" || path === ".spec?.replicas") ||
        one.managedFieldsManagers?.includes("kube-controller-manager")),
  );
}
