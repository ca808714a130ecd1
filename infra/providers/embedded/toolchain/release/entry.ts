import { createHash } from "node:crypto";
import { join } from "node:path";
import { exists, type Entry } from "../cache";
import { contentHash } from "../hash";
import { toolchainCache, type Host } from "../host";
import { pluginVersions } from "../installed";
import { target, type ModulePart, type Target } from "../parts";
import { platformOf, releaseFiles, type ReleaseFile } from "./files";
import { releaseSettings } from "./settings";

/** A part that is made of release files. */
export interface ReleaseEntry extends Entry {
  files: ReleaseFile[];
  /** what is built beside them, because nobody publishes it */
  standin?: Target;
}

/** The redis of Argo CD: nobody publishes one as a file. */
export const standin: Target = {
  ...{
    part: "argocd",
    package: "./standin",
    program: "bin/onebranch-redis",
    set: {},
    links: [],
    scripts: [],
    patches: [],
  },
  shared: ["standin", "process", "argocd/redis"],
  ...{ packages: 200, cacheGigabytes: 0.2, gigabytes: 0.01 },
};

/** Where a part of release files lies, or will lie; `undefined` where there are none, or nobody wants them. */
export async function releaseEntryOf(part: ModulePart, host: Host): Promise<ReleaseEntry | undefined> {
  const platform = platformOf(host);
  if (platform === undefined || !releaseSettings(host.env).tried) return undefined;
  const files = releaseFiles(part, platform, await pluginVersions(host));
  if (files === undefined) return undefined;
  const own = part === "argocd" ? await contentHash(standin, host.modules) : "";
  const hash = createHash("sha256")
    .update(JSON.stringify([files, own]))
    .digest("hex")
    .slice(0, 16);
  const directory = join(toolchainCache(host.env), `${part}-release-${hash}`);
  return { target: releaseTarget(part, files), hash, directory, files, ...(part === "argocd" && { standin }) };
}

/** The target of a part whose programs are files of their own. */
function releaseTarget(part: ModulePart, files: readonly ReleaseFile[]): Target {
  const built = target(part);
  const programs = files.flatMap(({ to }) => (to.startsWith("bin/") ? [to.slice("bin/".length)] : []));
  // Argo CD's one program looks at the name that it is called by.
  const links = part === "argocd" ? built.links.filter((name) => name.startsWith("argocd")) : [];
  const scripts = programs.filter((name) => !links.includes(name));
  return { ...built, links, scripts: part === "argocd" ? [...scripts, "onebranch-redis"] : scripts };
}

/** The entry that is there. */
export async function presentRelease(part: ModulePart, host: Host): Promise<ReleaseEntry | undefined> {
  const entry = await releaseEntryOf(part, host);
  return entry !== undefined && (await exists(entry.directory)) ? entry : undefined;
}
