import { readFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { coerce, satisfies } from "semver";
import { exists } from "./cache";
import { toolchainCache, type Host } from "./host";

export type Plugin = "kubernetes" | "random";

const oldestPulumi = "3.200.0";
const oldestHelm = "3.18.0";
const oldestKustomize = "5.7.0";
const answerSeconds = 10;
/** A download that prints nothing for this long is given up, because a build is sure to end. */
const downloadSeconds = 60;

/** The version of a pulumi on PATH that serves instead of our own. */
export function installedPulumi(host: Host): Promise<string | undefined> {
  return installed("pulumi", ["version"], oldestPulumi, host);
}

/** The helm and kustomize on PATH, where both are fit for Argo CD's repo-server. */
export async function installedRenderTools(host: Host): Promise<string | undefined> {
  const helm = await installed("helm", ["version", "--short"], oldestHelm, host);
  const kustomize = helm && (await installed("kustomize", ["version"], oldestKustomize, host));
  return kustomize && `helm ${helm}, kustomize ${kustomize}`;
}

async function installed(command: string, args: string[], oldest: string, host: Host): Promise<string | undefined> {
  const env = { ...outsidePath(host), PULUMI_SKIP_UPDATE_CHECK: "true" };
  const result = await host.run(command, args, { cwd: tmpdir(), env, silenceSeconds: answerSeconds });
  const version = result.code === 0 ? coerce(result.stdout)?.version : undefined;
  // A new major version may speak another language on its command line.
  return version !== undefined && satisfies(version, `^${oldest}`) ? version : undefined;
}

/** What we built does not count as an installation, also where a shell has it on PATH. */
function outsidePath(host: Host): NodeJS.ProcessEnv {
  const own = toolchainCache(host.env);
  const path = (host.env.PATH ?? "").split(delimiter).filter((directory) => !directory.startsWith(own));
  return { ...host.env, PATH: path.join(delimiter) };
}

/** Where Pulumi keeps the plugin that the npm package asks for; the version follows package.json. */
export async function pluginPath(plugin: Plugin, host: Host): Promise<string> {
  const version = await pluginVersion(plugin, host);
  const home = host.env.PULUMI_HOME || join(host.env.HOME || homedir(), ".pulumi");
  return join(home, "plugins", `resource-${plugin}-v${version}`, `pulumi-resource-${plugin}`);
}

export async function installedPlugin(plugin: Plugin, host: Host): Promise<string | undefined> {
  const path = await pluginPath(plugin, host);
  return (await exists(path)) ? `plugin ${await pluginVersion(plugin, host)}` : undefined;
}

async function pluginVersion(plugin: Plugin, host: Host): Promise<string> {
  const { dependencies } = JSON.parse(await readFile(host.packageFile, "utf8")) as {
    dependencies: Record<string, string>;
  };
  return coerce(dependencies[`@pulumi/${plugin}`])?.version ?? "0.0.0";
}

/** Lets an installed pulumi fetch the plugin. True when it is there afterwards. */
export async function downloadPlugin(plugin: Plugin, host: Host, signal?: AbortSignal): Promise<boolean> {
  const args = ["plugin", "install", "resource", plugin, `v${await pluginVersion(plugin, host)}`];
  const env = { ...outsidePath(host), PULUMI_SKIP_UPDATE_CHECK: "true" };
  const result = await host.run("pulumi", args, { cwd: tmpdir(), env, signal, silenceSeconds: downloadSeconds });
  return result.code === 0 && (await installedPlugin(plugin, host)) !== undefined;
}
