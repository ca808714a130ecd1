import { join } from "node:path";
import { entryOf, exists, type Entry } from "./cache";
import { toolchainCache, type Host } from "./host";
import { installedPlugin, installedPulumi, installedRenderTools } from "./installed";
import { allParts, renderTools, target, type Part } from "./parts";

/** Whether one part is there. Only what is ours has an entry; what is installed is found without us. */
export interface PartStatus {
  part: Part;
  state: "cached" | "installed" | "build";
  entry?: Entry;
  note?: string;
}

/** The parts in the order they are built, each once. */
export function inOrder(parts: readonly Part[]): Part[] {
  return allParts.filter((part) => parts.includes(part));
}

/** Whether each part is there, in the order they are built. */
export async function partStatuses(parts: readonly Part[], host: Host): Promise<PartStatus[]> {
  return Promise.all(inOrder(parts).map((part) => partStatus(part, host)));
}

export async function partStatus(part: Part, host: Host): Promise<PartStatus> {
  switch (part) {
    case "cluster":
    case "argocd":
      return built(part, host);
    case "pulumi":
      return pulumi(host);
    case "random":
      return random(host);
    case "kubernetes":
      return kubernetes(host);
  }
}

async function built(part: Part, host: Host): Promise<PartStatus> {
  const entry = await entryOf(target(part), host);
  return { part, entry, state: (await exists(entry.directory)) ? "cached" : "build" };
}

/** Ours first, if it is there: asking an installed one for its version costs half a second of every `up`. */
async function pulumi(host: Host): Promise<PartStatus> {
  const own = await built("pulumi", host);
  if (own.state === "cached") return own;
  const version = await installedPulumi(host);
  return version === undefined ? own : { part: "pulumi", state: "installed", note: `pulumi ${version} on PATH` };
}

/** The downloaded plugin first: its version is exactly the one that the npm package was made for. */
async function random(host: Host): Promise<PartStatus> {
  const plugin = await installedPlugin("random", host);
  return plugin === undefined ? built("random", host) : { part: "random", state: "installed", note: plugin };
}

/** With the plugin installed, only the command lines that Argo CD's repo-server calls are left. */
async function kubernetes(host: Host): Promise<PartStatus> {
  const full = await built("kubernetes", host);
  const plugin = await installedPlugin("kubernetes", host);
  if (plugin === undefined) return full;
  const tools = await entryOf(renderTools(), host);
  if (await exists(tools.directory)) return { part: "kubernetes", state: "cached", entry: tools };
  if (full.state === "cached" && full.entry) {
    return {
      part: "kubernetes",
      state: "cached",
      entry: { ...full.entry, target: { ...renderTools(), name: "kubernetes" } },
    };
  }
  const onPath = await installedRenderTools(host);
  if (onPath !== undefined) return { part: "kubernetes", state: "installed", note: `${plugin}, ${onPath} on PATH` };
  return { part: "kubernetes", state: "build", entry: tools };
}

/** Where the manifests of the pinned Argo CD lie once that part is there. */
export async function manifestsDirectory(host: Host): Promise<string> {
  const entry = await entryOf(target("argocd"), host);
  return join(toolchainCache(host.env), `argocd-${entry.hash}`, "manifests");
}
