import { join } from "node:path";
import { entryOf, exists, type Entry } from "./cache";
import type { Host } from "./host";
import { installedPulumi, missingPlugins, needsCompletePulumi } from "./installed";
import { allParts, type ModulePart, type Part } from "./parts";
import { presentRelease } from "./release/entry";

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
  if (part === "pulumi") return pulumi(host);
  return part === "renderer" ? built(part, host) : madeHere(part, host);
}

async function built(part: Part, host: Host): Promise<PartStatus & { entry: Entry }> {
  const entry = await entryOf(part, host);
  return { part, entry, state: (await exists(entry.directory)) ? "cached" : "build" };
}

/** What was built goes before release files: it is what the tests run with. */
async function madeHere(part: ModulePart, host: Host): Promise<PartStatus & { entry: Entry; released?: boolean }> {
  const own = await built(part, host);
  if (own.state === "cached") return own;
  const entry = await presentRelease(part, host);
  return entry === undefined ? own : { part, entry, state: "cached", released: true };
}

/**
 * Ours first, if it is there: asking an installed one for its version costs half a second of every `up`. A downloaded plugin goes
 * before ours: its version is exactly the one that the npm package was made for.
 */
async function pulumi(host: Host): Promise<PartStatus> {
  const { released = false, ...own } = await madeHere("pulumi", host);
  const missing = await missingPlugins(host);
  // A release file is all of Pulumi.
  const complete = !released && (await needsCompletePulumi(host));
  const version = own.state === "cached" && !complete ? undefined : await installedPulumi(host);
  if (version !== undefined && missing.length === 0) {
    return { part: "pulumi", state: "installed", note: `pulumi ${version} on PATH` };
  }
  const links = missing.map((plugin) => `pulumi-resource-${plugin}`);
  if (version === undefined || !complete) links.unshift("pulumi");
  const names = released ? { scripts: links } : { links };
  return { ...own, entry: { ...own.entry, target: { ...own.entry.target, ...names } } };
}

/** Where the manifests of the pinned Argo CD lie once that part is there. @param statuses of the parts that were asked for */
export async function manifestsDirectory(statuses: readonly PartStatus[], host: Host): Promise<string> {
  const asked = statuses.find(({ part }) => part === "argocd")?.entry;
  const { directory } = asked ?? (await madeHere("argocd", host)).entry;
  return join(directory, "manifests");
}
