import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Fate, Phase, Update } from "../../model/argocd";
import type { KubernetesObject } from "../../cli/tree/renderer";
import { fixtures } from "./paths";

/** What an object of a row says of itself; the names of the annotations are in `annotationsOf`. */
interface Row {
  kind?: string;
  options?: string | undefined;
  policy?: string;
  hook?: string;
  hookDelete?: string;
  helmHook?: string;
  helmHookDelete?: string;
}

/** `deleted`, `kept` or `absent`, with `once confirmed` where Argo CD waits for somebody. */
export type Outcome = Fate["outcome"] | `${Fate["outcome"]} once confirmed`;

export interface RemovalRow extends Row {
  /** Sync options of the Application. */
  application?: string[];
  pruned: Outcome;
  cascaded: Outcome;
}

export interface UpdateRow extends Row {
  /** Sync options of the Application. */
  application?: string[];
  /** Sync options of the object before the update. */
  before?: string;
  update: Update;
}

export interface PhaseRow extends Row {
  fate: "applied" | "ignored" | "skipped";
  phases?: Phase[];
}

/** The tables of what Argo CD does to an object, each row with the words of its test. */
export const removals = read<RemovalRow>("removals.yaml");
export const phases = read<PhaseRow>("phases.yaml");
export const updates = read<UpdateRow>("updates.yaml");

function read<T extends Row>(file: string): (T & { title: string })[] {
  const path = join(fixtures, "argocd", file);
  return (parse(readFileSync(path, "utf8")) as T[]).map((row) => ({ ...row, title: titleOf(row) }));
}

function titleOf(row: Row & { application?: string[]; before?: string }): string {
  const { kind = "ConfigMap", application, before } = row;
  const said = Object.values(annotationsOf(row)).map((value) => JSON.stringify(value));
  const words = [kind, ...Object.keys(annotationsOf(row)).map((name, i) => `${name} ${said[i]}`)];
  const others = { Application: application?.join(" and "), before };
  return [...words, ...Object.entries(others).flatMap(([who, what]) => (what ? [`${who} ${what}`] : []))].join(", ");
}

function annotationsOf(row: Row): Record<string, string> {
  const names = {
    "argocd.argoproj.io/sync-options": row.options,
    "helm.sh/resource-policy": row.policy,
    "argocd.argoproj.io/hook": row.hook,
    "argocd.argoproj.io/hook-delete-policy": row.hookDelete,
    "helm.sh/hook": row.helmHook,
    "helm.sh/hook-delete-policy": row.helmHookDelete,
  };
  return Object.fromEntries(Object.entries(names).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** The object of a row under a name, which for a definition is its plural. */
export function objectOf(row: Row, name: string, namespace?: string): KubernetesObject {
  const { kind = "ConfigMap" } = row;
  const metadata = { name, ...(namespace && { namespace }), annotations: annotationsOf(row) };
  if (kind !== "CustomResourceDefinition") return { apiVersion: "v1", kind, metadata };
  return {
    ...{ apiVersion: "apiextensions.k8s.io/v1", kind },
    metadata: { name: `${name}.example.com`, annotations: annotationsOf(row) },
    spec: {
      ...{ group: "example.com", scope: "Namespaced", names: { plural: name, kind: `K${name}` } },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
    },
  };
}

/** A fate in the words of the table. */
export function outcomeOf({ outcome, waits }: Fate): Outcome {
  return waits ? `${outcome} once confirmed` : outcome;
}
