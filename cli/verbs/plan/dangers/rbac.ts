import type { KubernetesObject, ResourceChange } from "../../../tree/renderer";
import { someOf } from "../../../terminal/table";
import { resourceName } from "../../../tree/resource";
import { observe, type Observation } from "../../../tree/changes/observation";
import type { Subject } from "./subject";

interface Rule {
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
  verbs?: string[];
}

/** Verbs with which a subject can give itself any other right. */
const escalating = ["bind", "escalate", "impersonate"];

/** Roles that allow more than before, and bindings with new subjects. */
export function rbacDangers(subject: Subject): Observation[] {
  return subject.change.resources.flatMap((resource) => {
    if (resource.change === "remove" || !resource.apiVersion.startsWith("rbac.authorization.k8s.io/")) return [];
    const before = subject.documents.get(resource.before ?? "");
    const after = subject.documents.get(resource.after ?? "");
    return resource.kind.endsWith("Binding") ? binding(resource, before, after) : role(resource, before, after);
  });
}

function role(resource: ResourceChange, before?: KubernetesObject, after?: KubernetesObject): Observation[] {
  const old = rulesOf(before).flatMap(rights);
  const fresh = rulesOf(after)
    .flatMap(rights)
    .filter((right) => !old.some((had) => covers(had, right)));
  const name = resourceName(resource);
  const say = (list: readonly Right[]) => someOf([...new Set(list.map(describe))]);
  const wild = fresh.filter((right) => [right.group, right.what, right.verb].includes("*"));
  const rising = fresh.filter((right) => !wild.includes(right) && escalating.includes(right.verb));
  const rest = fresh.filter((right) => !wild.includes(right) && !rising.includes(right));
  return [
    ...(wild.length > 0 ? [observe("rbac-wildcard", `${name} newly allows ${say(wild)}`, [resource])] : []),
    ...(rising.length > 0 ? [observe("rbac-escalation", `${name} newly allows ${say(rising)}`, [resource])] : []),
    ...(rest.length > 0 ? [observe("rbac-wider", `${name} newly allows ${say(rest)}`, [resource])] : []),
  ];
}

/** One permission: a verb on one kind of thing, all of them or one by name. */
interface Right {
  verb: string;
  group: string;
  what: string;
  name: string;
}

function rulesOf(role: KubernetesObject | undefined): Rule[] {
  return Array.isArray(role?.rules) ? (role.rules as Rule[]) : [];
}

function rights({
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
  verbs = [],
}: Rule): Right[] {
  const names = resourceNames.length === 0 ? ["*"] : resourceNames;
  return verbs.flatMap((verb) => [
    ...nonResourceURLs.map((what) => ({ verb, group: "url", what, name: "*" })),
    ...apiGroups.flatMap((group) =>
      resources.flatMap((what) => names.map((name) => ({ verb, group: group === "" ? "core" : group, what, name }))),
    ),
  ]);
}

function covers(had: Right, right: Right): boolean {
  const wide = (a: string, b: string) => a === b || a === "*";
  // `pods` does not cover `pods/exec`, but `*` does.
  return (
    wide(had.verb, right.verb) &&
    wide(had.group, right.group) &&
    (had.group !== "*" || right.group !== "url") &&
    wide(had.what, right.what) &&
    wide(had.name, right.name)
  );
}

function describe({ verb, group, what, name }: Right): string {
  const thing = group === "core" || group === "url" ? what : `${what}.${group}`;
  return `${verb} ${thing}${name === "*" ? "" : ` "${name}"`}`;
}

interface Subjects {
  kind?: string;
  namespace?: string;
  name?: string;
}

function binding(resource: ResourceChange, before?: KubernetesObject, after?: KubernetesObject): Observation[] {
  const [old, fresh] = [subjectsOf(before), subjectsOf(after)];
  const roleOf = (object?: KubernetesObject) => object?.roleRef as { kind?: string; name?: string } | undefined;
  const [was, is] = [roleOf(before), roleOf(after)];
  const otherRole = was?.name !== is?.name || was?.kind !== is?.kind;
  const gained = otherRole ? fresh : fresh.filter((subject) => !old.includes(subject));
  if (gained.length === 0) return [];
  const id = is?.kind === "ClusterRole" && is.name === "cluster-admin" ? "rbac-cluster-admin" : "rbac-wider";
  return [observe(id, `${resourceName(resource)} gives ${is?.kind} ${is?.name} to ${someOf(gained)}`, [resource])];
}

function subjectsOf(binding: KubernetesObject | undefined): string[] {
  const list = Array.isArray(binding?.subjects) ? (binding.subjects as Subjects[]) : [];
  return list.map(
    ({ kind = "", namespace, name = "" }) => `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`,
  );
}
