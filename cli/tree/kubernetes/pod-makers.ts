import { groupOf } from "../../../model/api-group";

/** Kinds that are pods, or make some, by their group; the renderer has the same list (podsecurity/podsecurity.go). */
const podMakers: Record<string, readonly string[]> = {
  "": ["Pod", "ReplicationController"],
  apps: ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"],
  batch: ["Job", "CronJob"],
  "argoproj.io": ["Rollout"],
};

/** Whether an object is a pod, or makes some. */
export function makesPods({ apiVersion, kind }: { apiVersion: string; kind: string }): boolean {
  return podMakers[groupOf(apiVersion)]?.includes(kind) ?? false;
}
