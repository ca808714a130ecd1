import type {
  ApplicationChange,
  FieldChange,
  KubernetesObject,
  ResourceChange,
} from "../../../../../cli/tree/renderer";
import { dangersOf } from "../../../../../cli/verbs/plan/dangers";
import type { Policy } from "../../../../../cli/verbs/plan/dangers/subject";
import { someOf } from "../../../../../cli/terminal/table";

export const policy: Policy = {
  ...{ clusters: ["dev"], prunes: true, allowsEmpty: false, asks: false },
  ...{ syncOptions: [], removal: "with-resources" },
};

/** What a change is called, the dangers found in it, and those that are right. */
export type DangerCase = [title: string, actual: string[], expected: string[]];

/** `id: message` of every danger of one change. */
export function found(
  resources: readonly Made[],
  more: Partial<ApplicationChange> & { policies?: Policy[]; refusals?: Record<string, string> } = {},
): string[] {
  const { policies = [policy], refusals = {}, ...rest } = more;
  const documents = new Map<string, KubernetesObject>();
  const list = resources.map(({ resource, before, after }, index): ResourceChange => {
    if (before) documents.set(`before${index}`, before);
    if (after) documents.set(`after${index}`, after);
    return {
      ...resource,
      ...(before ? { before: `before${index}` } : {}),
      ...(after ? { after: `after${index}` } : {}),
    };
  });
  const change: ApplicationChange = {
    application: "orders",
    change: "change",
    clusters: ["dev"],
    resources: list,
    readings: [],
    renders: 1,
    ...rest,
  };
  return dangersOf([{ change, documents, policies, refusals: new Map(Object.entries(refusals)) }], someOf).map(
    ({ id, message }) => `${id}: ${message}`,
  );
}

/** A resource of a change, with its manifests. */
export interface Made {
  resource: ResourceChange;
  before?: KubernetesObject;
  after?: KubernetesObject;
}

export function object(kind: string, more: object = {}, annotations: Record<string, string> = {}): KubernetesObject {
  return { apiVersion: apiVersionOf(kind), kind, metadata: { name: "orders", annotations }, ...more };
}

export function gone(kind: string, annotations: Record<string, string> = {}): Made {
  return removed(object(kind, {}, annotations));
}

export function added(kind: string, name: string, more: object): Made {
  const after = { ...object(kind, more), metadata: { name } };
  return { resource: { apiVersion: apiVersionOf(kind), kind, name, change: "add" }, after };
}

export function removed(before: KubernetesObject): Made {
  const { apiVersion, kind } = before;
  return { resource: { apiVersion, kind, namespace: "orders", name: "orders", change: "remove" }, before };
}

const groups: readonly [RegExp, string][] = [
  [/Role/, "rbac.authorization.k8s.io/v1"],
  [/^(Deployment|StatefulSet|DaemonSet|ReplicaSet)$/, "apps/v1"],
  [/^(Job|CronJob)$/, "batch/v1"],
  [/^Rollout$/, "argoproj.io/v1alpha1"],
  [/^CustomResourceDefinition$/, "apiextensions.k8s.io/v1"],
];

function apiVersionOf(kind: string): string {
  return groups.find(([kinds]) => kinds.test(kind))?.[1] ?? "v1";
}

export function changed(kind: string, fields: FieldChange[], before?: object, after?: object, annotations = {}): Made {
  const resource: ResourceChange = {
    ...{ apiVersion: apiVersionOf(kind), kind },
    ...{ namespace: "orders", name: "orders", change: "change", fields },
  };
  return { resource, before: object(kind, before, annotations), after: object(kind, after, annotations) };
}
