import { someOf } from "../terminal/table";
import type { Destination, Whole } from "./renderer";

/** A resource, as a project judges it; without a namespace it is cluster-scoped. */
interface Judged {
  apiVersion: string;
  kind: string;
  namespace?: string | undefined;
  name: string;
}

interface GroupKind {
  group?: string;
  kind?: string;
}

/** What an AppProject allows. */
export interface Project {
  sourceRepos?: string[];
  destinations?: { server?: string; name?: string; namespace?: string }[];
  clusterResourceWhitelist?: GroupKind[];
  clusterResourceBlacklist?: GroupKind[];
  namespaceResourceWhitelist?: GroupKind[];
  namespaceResourceBlacklist?: GroupKind[];
}

/** Why a project refuses an Application as a whole: the key of its pin that is to blame, and the reason. */
export function refusalsOfWhole(
  project: Project,
  { project: name, application }: { project: string; application: string },
  { destination, repositories }: Whole,
): { key: "namespace" | "repo"; message: string }[] {
  const { namespace = "", server, name: cluster = "" } = destination;
  const where = `into the namespace "${namespace}" of ${server ?? cluster}`;
  const refused = repositories.filter((url) => !matches(project.sourceRepos ?? [], url, "/"));
  return [
    ...(allowsNamespace(project, destination, namespace)
      ? []
      : [{ key: "namespace" as const, message: `the project ${name} does not allow ${application} ${where}` }]),
    ...refused.map((url) => {
      return { key: "repo" as const, message: `the project ${name} does not allow ${application} to come from ${url}` };
    }),
  ];
}

/** One reason for which a project refuses resources: their kind, or the namespace that they are in. */
export interface Refusal {
  is: "kind" | "namespace";
  /** The kind or the namespace; what is refused for the same one has the same cause. */
  what: string;
  /** Of a kind without a namespace. */
  isClusterScoped: boolean;
}

/** Why a project refuses a resource of an Application; undefined when it allows it. */
export function refusalOfResource(
  project: Project,
  { destination }: Pick<Whole, "destination">,
  resource: Judged,
): Refusal | undefined {
  const { kind, namespace } = resource;
  const isClusterScoped = namespace === undefined;
  if (!allowsKind(project, resource)) return { is: "kind", what: kind, isClusterScoped };
  if (namespace === undefined || allowsNamespace(project, destination, namespace)) return undefined;
  return { is: "namespace", what: namespace, isClusterScoped };
}

/** A refusal in words. @param resources everything that is refused for this one reason */
export function refusalWords(
  { is, what, isClusterScoped }: Refusal,
  { project, applications }: { project: string; applications: readonly string[] },
  resources: readonly Pick<Judged, "kind" | "name">[],
): string {
  const start = `the project ${project} of ${someOf([...new Set(applications)])} does not allow the`;
  const names = new Set(resources.map(({ kind, name }) => (is === "kind" ? name : `${kind} ${name}`)));
  if (is === "namespace") return `${start} namespace "${what}" of ${someOf([...names])}`;
  return `${start} ${isClusterScoped ? "cluster-scoped kind" : "kind"} ${what} (${someOf([...names])})`;
}

function allowsNamespace(project: Project, { server, name }: Destination, namespace: string): boolean {
  const destinations = project.destinations ?? [];
  const denies = destinations.filter((one) => one.server?.startsWith("!") || one.namespace?.startsWith("!"));
  const fits = (one: (typeof destinations)[number]) =>
    (one.server !== undefined
      ? glob(one.server, server ?? "")
      : one.name !== undefined && glob(one.name, name ?? "")) && glob(one.namespace ?? "", namespace);
  const denied = denies.some(
    ({ server: s = "*", namespace: n = "*" }) =>
      (s.startsWith("!") && glob(s.slice(1), server ?? "")) || (n.startsWith("!") && glob(n.slice(1), namespace)),
  );
  return !denied && destinations.some(fits);
}

function allowsKind(project: Project, { apiVersion, kind, namespace }: Judged): boolean {
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0]! : "";
  const among = (list: GroupKind[] | undefined) =>
    list?.some((one) => glob(one.group ?? "", group) && glob(one.kind ?? "", kind)) ?? false;
  if (namespace === undefined) {
    return among(project.clusterResourceWhitelist) && !among(project.clusterResourceBlacklist);
  }
  const white = project.namespaceResourceWhitelist;
  return (white === undefined || among(white)) && !among(project.namespaceResourceBlacklist);
}

function matches(patterns: readonly string[], value: string, separator: string): boolean {
  if (patterns.some((pattern) => pattern.startsWith("!") && glob(pattern.slice(1), value, separator))) return false;
  return patterns.some((pattern) => glob(pattern, value, separator));
}

const globs = new Map<string, RegExp>();

/** Argo CD's globs: `*` stops at the separator, `**` does not; `*` alone matches everything. */
function glob(pattern: string, value: string, separator = ""): boolean {
  if (pattern === "*") return true;
  const key = `${separator} ${pattern}`;
  let expression = globs.get(key);
  if (!expression) {
    const part = separator === "" ? ".*" : `[^${separator}]*`;
    const source = pattern
      .split(/(\*\*|\*|\?)/)
      .map((piece) => ({ "**": ".*", "*": part, "?": "." })[piece] ?? piece.replace(/[.+^${}()|[\]\\]/g, "\\$&"))
      .join("");
    expression = new RegExp(`^${source}$`);
    globs.set(key, expression);
  }
  return expression.test(value);
}
