import { isDeepStrictEqual } from "node:util";
import type { FieldChange, KubernetesObject, ResourceChange } from "../renderer";
import { isBelow } from "../field-path";
import { groupOf } from "../../../model/api-group";
import { frozen, type Frozen } from "./immutable-fields";
import { bytesOf } from "./quantity";

/** A change of a field that the API server refuses. */
export interface RefusedChange {
  /** The field that is immutable once the object exists. */
  field: string;
  change: FieldChange;
}

type Spec = Record<string, unknown>;

/** Changes of a resource that the API server refuses, so that the object would have to be recreated. */
export function refusedChanges(
  resource: Pick<ResourceChange, "apiVersion" | "kind" | "fields">,
  before: KubernetesObject | undefined,
  after: KubernetesObject | undefined,
): RefusedChange[] {
  const { apiVersion, kind, fields = [] } = resource;
  const key = `${groupOf(apiVersion)}/${kind}`;
  const special = specials[key];
  const rule = frozen[key];
  return fields.flatMap((change) => {
    const own = special?.(change, (before?.spec ?? {}) as Spec, (after?.spec ?? {}) as Spec, before);
    if (own === false) return [];
    const field = own ?? (rule && frozenField(rule, change));
    return field === undefined ? [] : [{ field, change }];
  });
}

/** Whether `refusedChanges` needs the object before and after to judge a change of it. */
export function mayBeRefused({
  apiVersion,
  kind,
  fields = [],
}: Pick<ResourceChange, "apiVersion" | "kind" | "fields">): boolean {
  const key = `${groupOf(apiVersion)}/${kind}`;
  const rule = frozen[key];
  return key in specials || (rule !== undefined && fields.some((change) => frozenField(rule, change) !== undefined));
}

function frozenField(
  { fields, except = [], once = [], defaults = {} }: Frozen,
  change: FieldChange,
): string | undefined {
  const { from, to } = change;
  const path = anyItem(change.path);
  const field = fields.find((prefix) => isBelow(path, prefix));
  const within = (prefixes: readonly string[]) => prefixes.some((prefix) => isBelow(path, prefix));
  if (field === undefined || within(except) || (from === undefined && within(once))) return undefined;
  const filled = defaults[path];
  if (filled !== undefined && isDeepStrictEqual(from ?? filled, to ?? filled)) return undefined;
  return field === "spec" ? path.split(".").slice(0, 2).join(".").replace("[]", "") : field;
}

/** The path without the names and indexes of items: `spec.containers[].image`. */
function anyItem(path: string): string {
  return path.replace(/\[[^\]"]*\]/g, "[]");
}

/** Changes that depend on other fields: the refused field, false when the change is allowed, undefined when the table decides. */
type Special = (
  change: FieldChange,
  before: Spec,
  after: Spec,
  object?: KubernetesObject,
) => string | false | undefined;

const specials: Readonly<Record<string, Special>> = {
  "/Service": serviceField,
  "/Secret": frozenData,
  "/ConfigMap": frozenData,
  "/PersistentVolumeClaim": ({ path, from, to }) => {
    if (path !== "spec.resources.requests.storage") return undefined;
    const [old, fresh] = [bytesOf(from), bytesOf(to)];
    return old !== undefined && fresh !== undefined && fresh < old ? path : false;
  },
  "batch/Job": (change, before, after) => {
    const path = anyItem(change.path);
    // validatePodTemplateUpdate: where a Job that does not run yet will run, and with how much.
    if (before.suspend === true && suspendedJob.some((field) => isBelow(path, field))) return false;
    // validateCompletions: an indexed Job grows and shrinks with its parallelism.
    if (path === "spec.completions" && after.completionMode === "Indexed" && after.parallelism === change.to)
      return false;
    return undefined;
  },
};

const suspendedJob = [
  ...["spec.template.metadata.labels", "spec.template.metadata.annotations", "spec.template.spec.nodeSelector"],
  ...[
    "spec.template.spec.tolerations",
    "spec.template.spec.affinity.nodeAffinity",
    "spec.template.spec.schedulingGates",
  ],
  ...["spec.template.spec.containers[].resources", "spec.template.spec.initContainers[].resources"],
];

/** ValidateServiceUpdate: addresses once given, families and class. */
function serviceField({ path, from, to }: FieldChange, before: Spec, after: Spec): string | undefined {
  if (before.type === "ExternalName" || after.type === "ExternalName") return undefined;
  const both = from !== undefined && to !== undefined;
  for (const field of ["spec.clusterIP", "spec.clusterIPs"]) {
    // An address that the cluster assigned stays when the field is left out, and cannot be replaced by None.
    if (path === field || isBelow(path, `${field}[0]`)) return both || [to].flat().includes("None") ? field : undefined;
  }
  const headless = before.clusterIP === "None" || after.clusterIP === "None";
  if (isBelow(path, "spec.ipFamilies") && both && !headless) return "spec.ipFamilies";
  const balanced = before.type === "LoadBalancer" && after.type === "LoadBalancer";
  if (path === "spec.loadBalancerClass" && balanced) return path;
  const local = before.externalTrafficPolicy === "Local" && after.externalTrafficPolicy === "Local";
  if (path === "spec.healthCheckNodePort" && both && balanced && local) return path;
  return undefined;
}

/** ValidateSecretUpdate, ValidateConfigMapUpdate: an object that is marked immutable stays immutable. */
function frozenData({ path }: FieldChange, _before: Spec, _after: Spec, object?: KubernetesObject): string | undefined {
  if (object?.immutable !== true) return undefined;
  return ["data", "stringData", "binaryData", "immutable"].find((field) => isBelow(path, field));
}
