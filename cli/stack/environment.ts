import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { isLocal } from "../../model/providers";
import { privateDirectory, writeOnce, writeWhole } from "../../machine/files";
import { failure } from "../terminal/fail";
import { type Home } from "./paths";
import { shellQuoted } from "../terminal/shell";

type Env = Readonly<Record<string, string | undefined>>;

/** Where a stack's state lives. */
export interface Backend {
  /** For PULUMI_BACKEND_URL; undefined = what the user's own login says. */
  url?: string;
  /** The directory behind a file:// address: its files are read directly, which saves calls of the CLI. */
  directory?: string;
  /** True for the state under `.onebranch/`, which the tool looks after alone. */
  own: boolean;
}

/** The checkout's own backend, under `.onebranch/`. */
export function ownBackend(home: Home): Backend {
  // Without attribute files: Pulumi writes them in two steps, and cannot read the state when a kill left such a file empty.
  return { url: `file://${home.state}?metadata=skip`, directory: home.state, own: true };
}

/**
 * Chooses the backend: PULUMI_BACKEND_URL when it is set, else the checkout's own for clusters of this machine, else the
 * user's own Pulumi login. Throws when there is no login, because a shared cluster's state must not be lost with a checkout.
 * @param provider undefined when it is no longer known: a stack of a shared cluster has its provider in its settings
 */
export function chooseBackend(home: Home, provider: string | undefined, env: Env): Backend {
  if (env.PULUMI_BACKEND_URL) return backendAt(env.PULUMI_BACKEND_URL, env);
  if (provider === undefined || isLocal(provider)) return ownBackend(home);
  const backend = loginBackend(env);
  if (backend === undefined) {
    throw failure(
      `stack state of provider ${provider} does not belong in a checkout, and you are not logged in to Pulumi; ` +
        "run `pulumi login`, or set PULUMI_BACKEND_URL (for example to s3://bucket or file:///directory)",
    );
  }
  return backend;
}

/** The backend that PULUMI_BACKEND_URL or the user's own Pulumi login names; undefined when there is neither. */
export function loginBackend(env: Env): Backend | undefined {
  if (env.PULUMI_BACKEND_URL) return backendAt(env.PULUMI_BACKEND_URL, env);
  const login = env.PULUMI_ACCESS_TOKEN ? "https://api.pulumi.com" : loginOf(env);
  if (login === undefined) return undefined;
  const { directory } = backendAt(login, env);
  return { own: false, ...(directory !== undefined && { directory }) };
}

/** Whether stacks may exist in a backend besides the checkout's own. */
export function hasOtherBackend(env: Env): boolean {
  return loginBackend(env) !== undefined;
}

function backendAt(url: string, env: Env): Backend {
  if (!url.startsWith("file://")) return { url, own: false };
  const path = url.slice("file://".length).replace(/[?#].*$/, "");
  const directory = resolve(path.startsWith("~") ? join(env.HOME ?? homedir(), path.slice(1)) : path);
  return { url, directory, own: false };
}

function userHome(env: Env): string {
  return env.PULUMI_HOME ?? join(env.HOME ?? homedir(), ".pulumi");
}

function loginOf(env: Env): string | undefined {
  try {
    const text = readFileSync(join(userHome(env), "credentials.json"), "utf8");
    return (JSON.parse(text) as { current?: string }).current || undefined;
  } catch {
    return undefined;
  }
}

/** A plugin makes Unix sockets in its temporary directory, whose paths end at 107 bytes. */
const longestTmp = 80;

/** The variables that every call of the CLI for a stack gets on top of the user's own. */
export function stackEnvironment(
  home: Home,
  backend: Backend,
  toolPath: readonly string[],
  env: Env,
): Record<string, string> {
  const variables: Record<string, string> = {
    PATH: [home.bin, ...toolPath, join(home.root, "node_modules", ".bin"), env.PATH ?? ""].join(delimiter),
    ONEBRANCH_ROOT: home.root,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Pulumi would copy the state before every change, and nothing here ever reads a copy.
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
  };
  if (home.tmp.length <= longestTmp) variables.TMPDIR = home.tmp;
  if (backend.url !== undefined) variables.PULUMI_BACKEND_URL = backend.url;
  if (backend.own && !givesPassphrase(env)) variables.PULUMI_CONFIG_PASSPHRASE_FILE = home.passphrase;
  if (backend.own && env.PULUMI_HOME === undefined && !existsSync(join(userHome(env), "plugins"))) {
    variables.PULUMI_HOME = home.pulumiHome;
  }
  return variables;
}

function givesPassphrase(env: Env): boolean {
  return env.PULUMI_CONFIG_PASSPHRASE !== undefined || Boolean(env.PULUMI_CONFIG_PASSPHRASE_FILE);
}

/** Creates what the variables of {@link stackEnvironment} point to: the passphrase, and the plugin of dynamic resources. */
export function writeHome(home: Home): void {
  privateDirectory(home.directory);
  privateDirectory(home.state);
  privateDirectory(home.tmp);
  if (!existsSync(home.passphrase)) writeOnce(home.passphrase, randomBytes(32).toString("base64url"), home.tmp);
  privateDirectory(home.bin);
  writeWhole(join(home.bin, "pulumi-resource-pulumi-nodejs"), dynamicPlugin(home.root), 0o700);
}

/** Pulumi looks for the host of dynamic resources on PATH; a full installation has a similar script. */
function dynamicPlugin(root: string): string {
  const preload = join(root, "machine", "end-with-parent.cjs");
  const host = join(root, "node_modules", "@pulumi", "pulumi", "cmd", "dynamic-provider");
  const words = [process.execPath, "--require", preload, host].map(shellQuoted);
  return `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`;
}
