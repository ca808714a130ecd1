import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { cacheRoot } from "../../../../machine/cache.cjs";
import { writeWhole } from "../../../../machine/files";
import { kubernetesModules, kubernetesReleases } from "../../../../machine/kubernetes-modules";
import { run } from "../../../../machine/run";
import type { Missing } from "../missing";
import type { KubernetesApi } from "./api";
import { convert } from "./convert";

/** Raise this number when `convert` keeps something else. */
const format = 1;

export interface LoadOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** Download nothing. */
  offline: boolean;
  /** Called once, before a download. */
  progress?: (text: string) => void;
}

/**
 * The API of a Kubernetes minor version, from the user's cache. It is made once from the Go modules of Kubernetes, which are
 * downloaded when they are missing.
 */
export async function loadKubernetes(minor: string, options: LoadOptions): Promise<KubernetesApi | Missing> {
  const release = kubernetesReleases[minor];
  const fix = "the manifests of its clusters were not held against the API";
  if (release === undefined) return { missing: `the API of Kubernetes ${minor} is not known here`, fix };
  const file = join(cacheRoot(options.env), "kubernetes", `v1.${release}-${format}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as KubernetesApi;
  try {
    const api = await make(minor, release, options);
    await mkdir(join(file, ".."), { recursive: true });
    writeWhole(file, JSON.stringify(api));
    return api;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return {
      missing: `the API of Kubernetes ${minor} is not at hand: ${reason}`,
      fix: `${fix}; run once with a network`,
    };
  }
}

async function make(minor: string, release: string, options: LoadOptions): Promise<KubernetesApi> {
  const modules = kubernetesModules(release);
  const [kubernetes, types] = await Promise.all([
    moduleDirectory(modules.kubernetes, minor, options),
    moduleDirectory(modules.types, minor, options),
  ]);
  const swagger = readFileSync(join(kubernetes, "api", "openapi-spec", "swagger.json"), "utf8");
  const sources = new Map<string, string>();
  for (const path of readdirSync(types, { recursive: true, encoding: "utf8" })) {
    if (!/(^|\/)(register|lifecycle|zz_generated\.prerelease-lifecycle)\.go$/.test(path)) continue;
    sources.set(path, readFileSync(join(types, path), "utf8"));
  }
  return convert(minor, JSON.parse(swagger) as Parameters<typeof convert>[1], sources);
}

/** Where Go keeps a module; downloaded when it is not there. */
async function moduleDirectory(
  module: string,
  minor: string,
  { env, offline, progress }: LoadOptions,
): Promise<string> {
  const download = async (extra: Record<string, string>) => {
    const options = { env: { ...env, GOFLAGS: "-mod=mod", GOWORK: "off", ...extra }, cwd: "/" };
    const signal = AbortSignal.timeout(120_000);
    const { code, stdout, stderr, missing } = await run("go", ["mod", "download", "-json", module], {
      ...options,
      signal,
    });
    if (missing) throw new GoIsMissing("Go is not installed");
    if (code === 0) return (JSON.parse(stdout) as { Dir: string }).Dir;
    // `go mod download -json` says what is wrong on standard output.
    throw new Error(/"Error": "([^"]*)"/.exec(stdout)?.[1] ?? (stderr.trim() || "go mod download gave no reason"));
  };
  try {
    return await download({ GOPROXY: "off" });
  } catch (error) {
    if (offline || error instanceof GoIsMissing) throw error;
    progress?.(`reading the API of Kubernetes ${minor}, once (${module})`);
    return download({});
  }
}

class GoIsMissing extends Error {}
