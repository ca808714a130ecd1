import { homedir } from "node:os";
import { join } from "node:path";

/** The directory of everything that is kept between runs, shared by all checkouts of the user. */
export function cacheRoot(env: Readonly<Record<string, string | undefined>>): string {
  return env.ONEBRANCH_CACHE || join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "onebranch");
}
