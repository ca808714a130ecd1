import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { coerce, gte } from "semver";
import { goEnvironment } from "../../../../machine/go-build";
import { exists } from "./cache";
import { toolchainCache, type Host } from "./host";
import { downloadGigabytes, type Target } from "./parts";

interface GoSettings {
  GOVERSION: string;
  GOCACHE: string;
  GOMODCACHE: string;
}

/** Everything that would stop a build of these targets later on, each fault one sentence. */
export async function checkMachine(targets: Target[], host: Host): Promise<string[]> {
  if (targets.length === 0) return [];
  const [{ settings, fault }, git] = await Promise.all([checkGo(host), checkGit(host)]);
  return [fault, git, ...(await checkDisk(targets, settings, host))].filter((found) => found !== undefined);
}

/** The oldest Go that fetches the one that a go.mod names. */
const oldestGo = "1.21.0";

async function checkGo(host: Host): Promise<{ settings?: GoSettings; fault?: string }> {
  const wanted = /^toolchain go(\S+)$/m.exec(await readFile(join(host.modules, "go.mod"), "utf8"))?.[1];
  const args = ["env", "-json", "GOVERSION", "GOCACHE", "GOMODCACHE"];
  // Run outside any module, so that Go reports its own version and not one that a go.mod makes it fetch.
  const result = await host.run("go", args, { cwd: tmpdir(), env: goEnvironment(host.env) });
  if (result.missing) {
    return { fault: `Go is not installed: install Go ${wanted} or newer and put \`go\` on PATH` };
  }
  if (result.code !== 0) {
    return {
      fault: `\`go env\` fails, so Go is not usable: repair the installation; it said: ${result.stderr.trim()}`,
    };
  }
  const settings = JSON.parse(result.stdout) as GoSettings;
  // A pre-release counts as its release.
  const version = coerce(settings.GOVERSION)?.version ?? "0.0.0";
  if (gte(version, oldestGo)) return { settings };
  return {
    settings,
    fault: `Go ${version} is too old: install Go ${wanted}, or any from ${oldestGo} on, which fetches it by itself`,
  };
}

async function checkGit(host: Host): Promise<string | undefined> {
  const { code } = await host.run("git", ["--version"], { cwd: tmpdir(), env: host.env });
  return code === 0
    ? undefined
    : "git is not installed: Argo CD reads the checkout with it; install git and put it on PATH";
}

interface Need {
  directory: string;
  gigabytes: number;
  variable: string;
}

/** Directories on one file system share its free space, so their needs are added up. */
async function checkDisk(targets: Target[], settings: GoSettings | undefined, host: Host): Promise<string[]> {
  const limit = host.env.ONEBRANCH_MIN_FREE_GB;
  if (limit !== undefined && !/^\d+(\.\d+)?$/.test(limit)) {
    return [`ONEBRANCH_MIN_FREE_GB is "${limit}": set it to a number of gigabytes, for example 5`];
  }
  const sum = (value: (target: Target) => number) => targets.reduce((total, target) => total + value(target), 0);
  const needs: Need[] = [
    { directory: toolchainCache(host.env), gigabytes: sum((target) => target.gigabytes), variable: "ONEBRANCH_CACHE" },
  ];
  if (settings !== undefined) {
    const { GOCACHE, GOMODCACHE } = settings;
    needs.push({ directory: GOCACHE, gigabytes: sum((target) => target.cacheGigabytes), variable: "GOCACHE" });
    needs.push({ directory: GOMODCACHE, gigabytes: downloadGigabytes, variable: "GOMODCACHE" });
  }
  const devices = new Map<number, { bytes: number; needs: Need[] }>();
  for (const need of needs) {
    const { bytes, device } = await host.freeSpace(await nearest(need.directory));
    const shared = devices.get(device) ?? { bytes, needs: [] };
    shared.needs.push(need);
    devices.set(device, shared);
  }
  return [...devices.values()].flatMap(({ bytes, needs: on }) => {
    const needed = limit !== undefined ? Number(limit) : on.reduce((total, need) => total + need.gigabytes, 0);
    const free = bytes / 1e9;
    if (free >= needed) return [];
    const parts = targets.map((target) => target.part).join(", ");
    const places = on.map((need) => need.directory).join(", ");
    const variables = on.map((need) => need.variable).join(", ");
    return [
      `${free.toFixed(1)} GB are free for ${places}, but building ${parts} needs about ${needed.toFixed(1)} GB: make room, ` +
        `or move it to another disk with ${variables}; when an interrupted build only has to go on, ` +
        `ONEBRANCH_MIN_FREE_GB=1 asks for less`,
    ];
  });
}

/** A cache that does not exist yet will be on the file system of its first existing parent. */
async function nearest(directory: string): Promise<string> {
  let at = directory;
  while (!(await exists(at)) && dirname(at) !== at) at = dirname(at);
  return at;
}
