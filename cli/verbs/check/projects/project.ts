import type { ExpandedApplication } from "../../../tree/renderer";
import type { Manifest, RenderedTree } from "../evaluation";

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

/** The AppProjects of every cluster, by cluster and name. */
export function projectsOf({ rendered }: RenderedTree): Map<string, Map<string, Project>> {
  const projects = new Map<string, Map<string, Project>>();
  for (const { clusters, manifests } of rendered) {
    for (const { kind, name, object } of manifests) {
      if (kind !== "AppProject") continue;
      for (const cluster of clusters) {
        const known = projects.get(cluster) ?? new Map<string, Project>();
        projects.set(cluster, known.set(name, (object.spec ?? {}) as Project));
      }
    }
  }
  return projects;
}

/** The repositories of an Application that its project refuses. */
export function refusedSources(project: Project, { application }: ExpandedApplication): string[] {
  const { source, sources = [] } = application.spec;
  const urls = (source ? [source] : sources).map(({ repoURL }) => repoURL);
  return [...new Set(urls)].filter((url) => !matches(project.sourceRepos ?? [], url, "/"));
}

/** Whether a project lets an Application deploy into a namespace of its destination. */
export function allowsNamespace(project: Project, application: ExpandedApplication, namespace: string): boolean {
  const { server, name } = application.application.spec.destination;
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

/** Whether a project lets an Application make a resource of this kind. */
export function allowsKind(project: Project, { apiVersion, kind, namespace }: Manifest): boolean {
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
