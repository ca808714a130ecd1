import { join } from "node:path";
import { entryOf, exists, type Entry } from "./cache";
import type { Host } from "./host";
import { installedPulumi, missingPlugins, needsCompletePulumi } from "./installed";
import { allParts, type Part } from "./parts";

/** Whether one part is there. Only what is ours has an entry; what is installed is found without us. */
export interface PartStatus {
  part: Part;
  state: "cached" | "installed" | "build";
  entry?: Entry;
  note?: string;
}

/** Whether each part is there, each once, in the order they are built. */
export async function partStatuses(parts: readonly Part[], host: Host): Promise<PartStatus[]> {
  return Promise.all(allParts.filter((part) => parts.includes(part)).map((part) => partStatus(part, host)));
}

export function partStatus(part: Part, host: Host): Promise<PartStatus> {
  return part === "pulumi" ? pulumi(host) : built(part, host);
}

async function built(part: Part, host: Host): Promise<PartStatus & { entry: Entry }> {
  const entry = await entryOf(part, host);
  return { part, entry, state: (await exists(entry.directory)) ? "cached" : "build" };
}

/**
 * Ours first, if it is there: asking an installed one for its version costs half a second of every `up`. A downloaded plugin goes
 * before ours: its version is exactly the one that the npm package was made for.
 */
async function pulumi(host: Host): Promise<PartStatus> {
  const own = await built("pulumi", host);
  const missing = await missingPlugins(host);
  const complete = await needsCompletePulumi(host);
  const version = own.state === "cached" && !complete ? undefined : await installedPulumi(host);
  if (version !== undefined && missing.length === 0) {
    return { part: "pulumi", state: "installed", note: `pulumi ${version} on PATH` };
  }
  const links = missing.map((plugin) => `pulumi-resource-${plugin}`);
  if (version === undefined || !complete) links.unshift("pulumi");
  return { ...own, entry: { ...own.entry, target: { ...own.entry.target, links } } };
}

/** Where the manifests of the pinned Argo CD lie once that part is there. @param statuses of the parts that were asked for */
export async function manifestsDirectory(statuses: readonly PartStatus[], host: Host): Promise<string> {
  const { directory } = statuses.find(({ part }) => part === "argocd")?.entry ?? (await entryOf("argocd", host));
  return join(directory, "manifests");
}
