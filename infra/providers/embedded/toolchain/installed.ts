import { readFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { coerce, satisfies } from "semver";
import { exists } from "./cache";
import { toolchainCache, type Host } from "./host";
import { ownBuild } from "./parts";

const plugins = ["kubernetes", "random"] as const;
export type Plugin = (typeof plugins)[number];

const oldestPulumi = "3.200.0";
const answerSeconds = 10;
/** A download that prints nothing for this long is given up, because a build is sure to end. */
const downloadSeconds = 60;

/** The version of a complete pulumi on PATH, which serves instead of our own. */
export async function installedPulumi(host: Host): Promise<string | undefined> {
  const result = await host.run("pulumi", ["version"], {
    cwd: tmpdir(),
    env: installedEnvironment(host),
    silenceSeconds: answerSeconds,
  });
  if (result.code !== 0 || result.stdout.trim().endsWith(ownBuild)) return undefined;
  const version = coerce(result.stdout)?.version;
  // A new major version may speak another language on its command line.
  return version !== undefined && satisfies(version, `^${oldestPulumi}`) ? version : undefined;
}

/** Whether state may lie where our build of Pulumi cannot read it: it knows files and Pulumi Cloud. */
export async function needsCompletePulumi(host: Host): Promise<boolean> {
  const url = host.env.PULUMI_BACKEND_URL || (await login(host));
  return url !== undefined && !/^(file|https?):/.test(url);
}

async function login(host: Host): Promise<string | undefined> {
  try {
    const text = await readFile(join(pulumiHome(host), "credentials.json"), "utf8");
    return (JSON.parse(text) as { current?: string }).current || undefined;
  } catch {
    return undefined;
  }
}

function pulumiHome({ env }: Host): string {
  return env.PULUMI_HOME || join(env.HOME || homedir(), ".pulumi");
}

/** What we built does not count as an installation, also where a shell has it on PATH. */
function installedEnvironment(host: Host): NodeJS.ProcessEnv {
  const own = toolchainCache(host.env);
  const path = (host.env.PATH ?? "").split(delimiter).filter((directory) => !directory.startsWith(own));
  return { ...host.env, PATH: path.join(delimiter), PULUMI_SKIP_UPDATE_CHECK: "true" };
}

/** Where Pulumi keeps the plugin that the npm package asks for; the version follows package.json. */
async function pluginPath(plugin: Plugin, host: Host): Promise<string> {
  const version = await pluginVersion(plugin, host);
  return join(pulumiHome(host), "plugins", `resource-${plugin}-v${version}`, `pulumi-resource-${plugin}`);
}

async function hasPlugin(plugin: Plugin, host: Host): Promise<boolean> {
  return exists(await pluginPath(plugin, host));
}

/** The plugins that nobody has downloaded. */
export async function missingPlugins(host: Host): Promise<Plugin[]> {
  const found = await Promise.all(plugins.map((plugin) => hasPlugin(plugin, host)));
  return plugins.filter((_, i) => !found[i]);
}

async function pluginVersion(plugin: Plugin, host: Host): Promise<string> {
  return (await pluginVersions(host))[plugin];
}

/** The versions that the npm packages ask for. */
export async function pluginVersions(host: Host): Promise<Record<Plugin, string>> {
  const { dependencies } = JSON.parse(await readFile(host.packageFile, "utf8")) as {
    dependencies: Record<string, string>;
  };
  const version = (plugin: Plugin) => coerce(dependencies[`@pulumi/${plugin}`])?.version ?? "0.0.0";
  return { kubernetes: version("kubernetes"), random: version("random") };
}

/** Lets an installed pulumi fetch the plugin. True when it is there afterwards. */
export async function downloadPlugin(plugin: Plugin, host: Host, signal?: AbortSignal): Promise<boolean> {
  const args = ["plugin", "install", "resource", plugin, `v${await pluginVersion(plugin, host)}`];
  const result = await host.run("pulumi", args, {
    cwd: tmpdir(),
    env: installedEnvironment(host),
    signal,
    silenceSeconds: downloadSeconds,
  });
  return result.code === 0 && (await hasPlugin(plugin, host));
}
