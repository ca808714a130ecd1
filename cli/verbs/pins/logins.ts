import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The logins of `docker login` that are in its configuration file: DOCKER_CONFIG/config.json, by default ~/.docker/config.json.
 * Those that a credential helper keeps are not read: that would start a program that a file names.
 */
export function dockerLogins(env: Readonly<Record<string, string | undefined>>): (host: string) => string | undefined {
  const file = join(env.DOCKER_CONFIG ?? join(env.HOME ?? homedir(), ".docker"), "config.json");
  let auths: Record<string, { auth?: string }> = {};
  try {
    auths = (JSON.parse(readFileSync(file, "utf8")) as { auths?: typeof auths }).auths ?? {};
  } catch {
    // No file, or none of Docker's: everybody may still read public images.
  }
  return (host) => auths[host === "docker.io" ? "https://index.docker.io/v1/" : host]?.auth || undefined;
}
