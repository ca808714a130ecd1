import { count } from "../../table";
import type { Cause, Plan, PlanChange, PlanCluster, PlanField, ReplicaChange } from "../types";
import { resourceName } from "../types";

export const signs = { add: "+", change: "~", remove: "-" } as const;

/** `3 changes in 97 clusters: 1 added, 2 changed; 2 dangers`. */
export function headline({ changes, clusters }: Plan): string {
  if (changes.length === 0) return `no change in ${count(clusters.length, "cluster")}`;
  const touched = new Set(changes.flatMap((change) => change.clusters)).size;
  const kinds = (["add", "change", "remove"] as const)
    .map((kind) => [changes.filter(({ change }) => change === kind).length, pastTense[kind]] as const)
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`);
  const dangers = changes.reduce((sum, change) => sum + change.dangers.length, 0);
  const tail = dangers === 0 ? "no danger found" : count(dangers, "danger");
  return `${count(changes.length, "change")} in ${touched} of ${count(clusters.length, "cluster")}: ${kinds.join(", ")}; ${tail}`;
}

export const pastTense = { add: "added", change: "changed", remove: "removed" } as const;

/** Shortens a commit; anything else stays. */
export function shortRevision(revision: string): string {
  return /^[0-9a-f]{40,64}$/.test(revision) ? revision.slice(0, 10) : revision;
}

/** `prod-eu`, `a, b and c`, or by stage: `prod: all 70, staging: 3 of 20`. */
export function clusterWords(clusters: readonly string[], all: readonly PlanCluster[]): string {
  if (clusters.includes("*")) return "all clusters";
  if (clusters.length <= 3) return listWords(clusters);
  const stages = [...new Set(all.map(({ stage }) => stage))];
  const parts = stages.flatMap((stage) => {
    const of = all.filter((cluster) => cluster.stage === stage);
    const here = of.filter(({ name }) => clusters.includes(name));
    if (here.length === 0) return [];
    if (here.length === of.length) return [of.length === 1 ? stage : `all ${of.length} of ${stage}`];
    const names = here.length <= 2 ? ` (${here.map(({ name }) => name).join(", ")})` : "";
    return [`${here.length} of ${of.length} in ${stage}${names}`];
  });
  return `${count(clusters.length, "cluster")}: ${parts.join(", ")}`;
}

export function listWords(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
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

/** Control characters of a manifest must reach no terminal, and no list or fence that they would end. */
export function printable(text: string): string {
  return text.replace(/\t/g, "  ").replace(/[\p{Cc}\p{Zl}\p{Zp}]|[\u202a-\u202e\u2066-\u2069]/gu, " ");
}

/** A value on one line. */
export function valueText(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? (value === "" ? '""' : value) : JSON.stringify(value);
}

/** What a field says on each side, as lines marked like a diff: common lines of long texts are left out. */
export function fieldLines({ from, to, masked }: PlanField): { sign: "-" | "+" | " "; text: string }[] {
  if (masked && from !== undefined && to !== undefined && valueText(from) === valueText(to)) {
    return [{ sign: "+", text: "a secret, changed" }];
  }
  const [old, fresh] = [linesOf(from), linesOf(to)];
  if (old.length <= 1 && fresh.length <= 1) return [...marked("-", old), ...marked("+", fresh)];
  return changedLines(old, fresh);
}

function linesOf(value: unknown): string[] {
  if (value === undefined) return [];
  return typeof value === "string" && value.includes("\n") ? value.replace(/\n$/, "").split("\n") : [valueText(value)];
}

function marked(sign: "-" | "+" | " ", lines: readonly string[]) {
  return lines.map((text) => ({ sign, text }));
}

/** Most cells of the table that finds common lines; longer texts only lose their common start and end. */
const tableLimit = 250_000;

function changedLines(old: readonly string[], fresh: readonly string[]): ReturnType<typeof fieldLines> {
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start++;
  let end = 0;
  while (end < old.length - start && end < fresh.length - start && old.at(-1 - end) === fresh.at(-1 - end)) end++;
  const a = old.slice(start, old.length - end);
  const b = fresh.slice(start, fresh.length - end);
  return a.length * b.length > tableLimit ? [...marked("-", a), ...marked("+", b)] : longestCommon(a, b);
}

function longestCommon(a: readonly string[], b: readonly string[]): ReturnType<typeof fieldLines> {
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i * width + j] =
        a[i] === b[j]
          ? table[(i + 1) * width + j + 1]! + 1
          : Math.max(table[(i + 1) * width + j]!, table[i * width + j + 1]!);
    }
  }
  const out: ReturnType<typeof fieldLines> = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && table[(i + 1) * width + j]! >= table[i * width + j + 1]!)) {
      out.push({ sign: "-", text: a[i++]! });
    } else {
      out.push({ sign: "+", text: b[j++]! });
    }
  }
  return out;
}
