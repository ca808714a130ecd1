import { nameDirectional } from "../../../terminal/directional";
import { count } from "../../../terminal/table";
import { stageWords } from "../cluster-words";
import type { Cause, Plan, PlanChange, PlanCluster, ReplicaChange } from "../types";
import { resourceName } from "../../../tree/resource";

export const signs = { add: "+", change: "~", remove: "-", refused: "x" } as const;

/** What becomes of a change or a resource. */
export function stateOf({ change, refused }: Pick<PlanChange, "change"> & { refused?: unknown }): keyof typeof signs {
  return refused === undefined ? change : "refused";
}

/** `3 changes in 97 clusters: 1 added, 2 changed; 2 dangers`, and `1 failure` for what Argo CD cannot render or write. */
export function headline({ changes, clusters, failed }: Plan): string {
  const failures = failed.filter(({ side }) => side === "head").length;
  const failing = failures === 0 ? [] : [count(failures, "failure")];
  if (changes.length === 0) return [`no change in ${count(clusters.length, "cluster")}`, ...failing].join("; ");
  const touched = new Set(changes.flatMap((change) => change.clusters)).size;
  const kinds = (["add", "change", "remove", "refused"] as const)
    .map((kind) => [changes.filter((change) => stateOf(change) === kind).length, pastTense[kind]] as const)
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`);
  const dangers = changes.reduce((sum, change) => sum + change.dangers.length, 0);
  const worries = [...(dangers === 0 ? [] : [count(dangers, "danger")]), ...failing];
  const tail = worries.length === 0 ? "no danger found" : worries.join("; ");
  return `${count(changes.length, "change")} in ${touched} of ${count(clusters.length, "cluster")}: ${kinds.join(", ")}; ${tail}`;
}

/** The plan as a heading says it. */
export function planTitle({ changes, clusters }: Plan): string {
  if (changes.length === 0) return `Nothing changes in ${count(clusters.length, "cluster")}`;
  const touched = new Set(changes.flatMap((change) => change.clusters)).size;
  return `${count(changes.length, "change")} in ${touched} of ${count(clusters.length, "cluster")}`;
}

export const pastTense = { add: "added", change: "changed", remove: "removed", refused: "refused" } as const;

/** Shortens a commit; anything else stays. */
export function shortRevision(revision: string): string {
  return /^[0-9a-f]{40,64}$/.test(revision) ? revision.slice(0, 10) : revision;
}

/** The clusters of a change, with their number when they are many. */
export function clusterWords(clusters: readonly string[], all: readonly PlanCluster[]): string {
  const words = stageWords(clusters, all);
  return clusters.length > 3 && words.includes(",") ? `${count(clusters.length, "cluster")}: ${words}` : words;
}

/** `ghcr.io/a/b:1 -> 2` when only the tag differs. */
export function imageWords({ from, to }: PlanChange["images"][number]): string {
  if (from === undefined) return `${to} (new)`;
  if (to === undefined) return `${from} (gone)`;
  const [a, b] = [splitImage(from), splitImage(to)];
  return a.name === b.name && b.version !== "" ? `${from} -> ${b.version}` : `${from} -> ${to}`;
}

function splitImage(image: string): { name: string; version: string } {
  const at = image.indexOf("@");
  if (at >= 0) return { name: image.slice(0, at), version: image.slice(at) };
  const colon = image.lastIndexOf(":");
  return colon > image.lastIndexOf("/")
    ? { name: image.slice(0, colon), version: image.slice(colon + 1) }
    : { name: image, version: "" };
}

export function replicaWords(replica: ReplicaChange): string {
  const field = replica.field === "replicas" ? "" : ` ${replica.field}`;
  return `${resourceName(replica)}${field} ${replica.from ?? "unset"} -> ${replica.to ?? "unset"}`;
}

/** `gitops/apps/orders/stages/prod/pin.yaml:8 image.tag`. */
export function causeWords({ file, line, key, side }: Cause): string {
  return `${file}:${line}${key === undefined ? "" : ` ${key}`}${side === "base" ? " (removed)" : ""}`;
}

/** Keeps control characters of a manifest away from the terminal, and from lists and fences that they would end. */
export function printable(text: string): string {
  return nameDirectional(text.replace(/\t/g, "  ").replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " "));
}
