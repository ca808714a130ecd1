import { listed, type ClusterApi, type KubeObject } from "../cluster/api";
import type { Application, Resources, Tracked } from "./objects";

const entranceKinds = [
  { group: "", version: "v1", kind: "Service", plural: "services" },
  { group: "networking.k8s.io", version: "v1", kind: "Ingress", plural: "ingresses" },
  { group: "gateway.networking.k8s.io", version: "v1", kind: "Gateway", plural: "gateways" },
] as const;

const claim = { group: "", version: "v1", kind: "PersistentVolumeClaim" } as const;

/** What of a cluster holds load balancers, DNS records and volumes outside it. */
export interface Outside {
  entrances(): Promise<Tracked[]>;
  claims(): Promise<Tracked[]>;
}

/** What the Applications hold: in a cluster that stays, the rest is somebody else's. */
export function heldBy(resources: Resources, all: readonly Application[]): Outside {
  const tracked = all.flatMap((application) => application.tracked);
  return {
    async entrances() {
      const result: Tracked[] = [];
      for (const one of tracked) {
        if (!entranceKinds.some(({ group, kind }) => one.group === group && one.kind === kind)) continue;
        if (one.kind !== "Service" || isLoadBalancer(await resources.get(one))) result.push(one);
      }
      return result;
    },
    async claims() {
      const result: Tracked[] = [];
      for (const one of tracked) {
        if (one.group === "" && one.kind === claim.kind) result.push(one);
        if (one.group === "apps" && one.kind === "StatefulSet") result.push(...claimsOf(one, await resources.get(one)));
      }
      return result;
    },
  };
}

/** Everything, whoever made it: when the cluster goes, nobody is left who would take away what it holds. */
export function heldByAnybody(api: ClusterApi): Outside {
  return {
    async entrances() {
      const result: Tracked[] = [];
      for (const { group, version, kind, plural } of entranceKinds) {
        const path = `${group === "" ? "/api" : `/apis/${group}`}/${version}/${plural}`;
        const objects = (await listed(api, path)).filter((object) => kind !== "Service" || isLoadBalancer(object));
        result.push(...objects.map((object) => ({ group, version, kind, ...placeOf(object) })));
      }
      return result;
    },
    async claims() {
      return (await listed(api, "/api/v1/persistentvolumeclaims")).map((object) => ({ ...claim, ...placeOf(object) }));
    },
  };
}

/** Of some claims those that a pod uses which nobody has asked to go. Kubernetes keeps them for it. */
export async function inUse(api: ClusterApi, claims: readonly Tracked[]): Promise<Tracked[]> {
  const used = new Set((await usersOf(api, claims)).flatMap(claimsOfPod));
  return claims.filter(({ namespace, name }) => used.has(`${namespace}/${name}`));
}

/** Deletes the pods that use some claims, and what would make them again. */
export async function endUsers(api: ClusterApi, resources: Resources, claims: readonly Tracked[]): Promise<void> {
  for (const pod of await usersOf(api, claims)) {
    const tracked = { group: "", version: "v1", kind: "Pod", ...placeOf(pod) };
    await resources.delete(await topOwner(resources, tracked, pod));
    await resources.delete(tracked);
  }
}

async function usersOf(api: ClusterApi, claims: readonly Tracked[]): Promise<KubeObject[]> {
  const wanted = new Set(claims.map(({ namespace, name }) => `${namespace}/${name}`));
  const pods: KubeObject[] = [];
  for (const namespace of new Set(claims.map((one) => one.namespace)))
    pods.push(...(await listed(api, `/api/v1/namespaces/${namespace}/pods`)));
  return pods.filter((pod) => claimsOfPod(pod).some((name) => wanted.has(name)));
}

/** What stands above an object, through all that made what made it: a Deployment above a pod, or what an operator serves. */
async function topOwner(resources: Resources, tracked: Tracked, object: KubeObject): Promise<Tracked> {
  for (const { apiVersion = "", kind, name } of object.metadata?.ownerReferences ?? []) {
    const [version = "", group = ""] = apiVersion.split("/").reverse();
    const above = { group, version, kind, namespace: tracked.namespace, name };
    const owner = await resources.get(above);
    if (owner !== undefined) return topOwner(resources, above, owner);
  }
  return tracked;
}

function placeOf({ metadata }: KubeObject): { namespace: string; name: string } {
  return { namespace: metadata?.namespace ?? "", name: metadata?.name ?? "" };
}

function isLoadBalancer(service: KubeObject | undefined): boolean {
  return (service?.spec as { type?: string } | undefined)?.type === "LoadBalancer";
}

interface StatefulSetSpec {
  replicas?: number;
  ordinals?: { start?: number };
  volumeClaimTemplates?: { metadata?: { name?: string } }[];
}

/** The claims that a StatefulSet makes, and leaves behind. */
function claimsOf({ namespace, name }: Tracked, set: KubeObject | undefined): Tracked[] {
  const { replicas = 1, ordinals, volumeClaimTemplates = [] } = (set?.spec ?? {}) as StatefulSetSpec;
  return volumeClaimTemplates.flatMap(({ metadata }) =>
    Array.from({ length: replicas }, (_, index) => ({
      ...{ ...claim, namespace },
      name: `${metadata?.name}-${name}-${(ordinals?.start ?? 0) + index}`,
    })),
  );
}

interface PodBody {
  spec?: { volumes?: { name: string; persistentVolumeClaim?: { claimName?: string }; ephemeral?: object }[] };
  status?: { phase?: string };
}

/** Namespace and name of the claims that a pod uses. */
function claimsOfPod(pod: KubeObject): string[] {
  const { spec, status } = pod as PodBody;
  const isOver = pod.metadata?.deletionTimestamp !== undefined || /^(Succeeded|Failed)$/.test(status?.phase ?? "");
  if (isOver) return [];
  const { namespace, name: podName } = placeOf(pod);
  const names = (spec?.volumes ?? []).map(({ name, persistentVolumeClaim, ephemeral }) =>
    ephemeral === undefined ? persistentVolumeClaim?.claimName : `${podName}-${name}`,
  );
  return names.flatMap((name) => (name === undefined ? [] : [`${namespace}/${name}`]));
}
