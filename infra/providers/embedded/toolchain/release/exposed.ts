import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { isReleased } from "./manifest";

/**
 * What a published Argo CD shows of itself and a built one does not (docs/toolchain.md), with the way out. Undefined where it is
 * built.
 * @param bin the directory with the programs of clusters
 */
export async function exposedByArgoCd(bin: string): Promise<string | undefined> {
  const program = await realpath(join(bin, "argocd")).catch(() => undefined);
  if (program === undefined || !(await isReleased(program))) return undefined;
  return (
    "Argo CD is its publisher's program: its application controller serves metrics on every address of this machine, and its repo-server pages for debugging " +
    "(/debug/pprof) on 127.0.0.1; `onebranch up --build`, or ONEBRANCH_RELEASES=never, builds one that does neither"
  );
}
