import { delimiter } from "node:path";
import { directoryWith, searchPath } from "../../../machine/path";
import { launch } from "../../../machine/run";
import type { Io } from "../../terminal/io";

/**
 * The command that shows an address: what BROWSER names, else the desktop's own. Undefined where there is no desktop: on Linux
 * without a display, and at the other end of an SSH connection.
 */
export function browserCommand(
  url: string,
  env: Io["env"],
  platform: NodeJS.Platform = process.platform,
): [string, ...string[]] | undefined {
  const named = env.BROWSER?.split(delimiter)[0]?.trim();
  if (named) {
    const [command = "", ...words] = named.split(/\s+/);
    return named.includes("%s") ? [command, ...words.map((word) => word.replace("%s", url))] : [command, ...words, url];
  }
  if (env.SSH_CONNECTION) return undefined;
  if (platform === "darwin") return ["open", url];
  if (env.WSL_DISTRO_NAME && isOnPath("wslview", env)) return ["wslview", url];
  return (env.DISPLAY || env.WAYLAND_DISPLAY) && isOnPath("xdg-open", env) ? ["xdg-open", url] : undefined;
}

function isOnPath(program: string, env: Io["env"]): boolean {
  return directoryWith(program, searchPath(env)) !== undefined;
}

/** Starts the browser and does not wait for it. Returns whether it could be started. */
export async function startBrowser(url: string, env: Io["env"]): Promise<boolean> {
  const [command, ...args] = browserCommand(url, env) ?? [];
  return command !== undefined && launch(command, args, env);
}
