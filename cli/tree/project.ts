import { someOf } from "../terminal/table";
import { inClusterName, inClusterServer } from "../../model/root";
import { groupOf } from "../../model/api-group";
import { fitsGlob, fitsPath } from "./patterns";
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

interface NamedKind extends GroupKind {
  /** Missing: every object of the kind. */
  name?: string;
}

const ownCluster = { server: inClusterServer, name: inClusterName };

/** What an AppProject allows. */
export interface Project {
  sourceRepos?: string[];
  destinations?: { server?: string; name?: string; namespace?: string }[];
  clusterResourceWhitelist?: NamedKind[];
  clusterResourceBlacklist?: NamedKind[];
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
  const refused = repositories.filter((url) => !allowsSource(project, url));
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

/** As `isDestinationMatched` of Argo CD's AppProject does it: what an entry denies is final, wherever it stands. */
function allowsNamespace({ destinations = [] }: Project, destination: Destination, namespace: string): boolean {
  const { server, name } = clusterOf(destination);
  let allowed = false;
  for (const one of destinations) {
    const isName = name !== "" && fitsPattern(one.name ?? "", name);
    const isServer = server !== "" && fitsPattern(one.server ?? "", server);
    const isNamespace = fitsPattern(one.namespace ?? "", namespace);
    if ((isServer || isName) && isNamespace) allowed = true;
    else if (isNamespace && ((!isName && denies(one.name)) || (!isServer && denies(one.server)))) return false;
    else if (!isNamespace && denies(one.namespace) && isServer) return false;
  }
  return allowed;
}

/** Argo CD knows its own cluster by both. */
function clusterOf({ server = "", name = "" }: Destination): { server: string; name: string } {
  const isOwn = server === ownCluster.server || name === ownCluster.name;
  return isOwn ? ownCluster : { server, name };
}

function allowsKind(project: Project, { apiVersion, kind, namespace, name }: Judged): boolean {
  const group = groupOf(apiVersion);
  const isKind = (one: GroupKind) => fitsPath(one.kind ?? "", kind) && fitsPath(one.group ?? "", group);
  if (namespace === undefined) {
    const among = (list: readonly NamedKind[] = []) =>
      list.some((one) => isKind(one) && (!one.name || fitsPath(one.name, name)));
    return among(project.clusterResourceWhitelist) && !among(project.clusterResourceBlacklist);
  }
  const { namespaceResourceWhitelist: white, namespaceResourceBlacklist: black = [] } = project;
  return (white === undefined || white.some(isKind)) && !black.some(isKind);
}

/** As `IsSourcePermitted` of Argo CD's AppProject does it. */
function allowsSource({ sourceRepos = [] }: Project, url: string): boolean {
  const address = sameRepository(url);
  const fits = sourceRepos.map((pattern) => {
    const same = denies(pattern) ? `!${sameRepository(pattern.slice(1))}` : sameRepository(pattern);
    return { isDenial: denies(same), fits: fitsPattern(same, address, "/") };
  });
  return fits.some((one) => one.fits) && !fits.some((one) => one.isDenial && !one.fits);
}

/** The form in which Argo CD compares addresses of Git repositories. */
function sameRepository(url: string): string {
  const lower = url.trim().toLowerCase();
  const isSsh = /^(ssh:\/\/)?[^/:]*?@[^@]+$/.test(lower);
  const address = isSsh && !lower.startsWith("ssh://") ? lower.replace(":", "/") : lower;
  return address.replace(/\.git$/, "").replace(/^ssh:\/\//, "");
}

function denies(pattern: string | undefined): boolean {
  return pattern?.startsWith("!") ?? false;
}

/** A pattern that denies fits what it does not name. */
function fitsPattern(pattern: string, text: string, separator = ""): boolean {
  if (denies(pattern)) return !fitsGlob(pattern.slice(1), text, separator);
  return pattern === "*" || fitsGlob(pattern, text, separator);
}
