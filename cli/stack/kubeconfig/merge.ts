import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../../machine/files";
import { failure } from "../../terminal/fail";
import type { Io } from "../../terminal/io";
import { workDirOf, type Home } from "../paths";
import { changeKubeconfig, KubeconfigFile } from "./file";

/** A context that was merged into a kubeconfig of the user, and goes with the stack. */
interface Merged {
  path: string;
  context: string;
  server: string;
}

/** Contexts of clusters that onebranch, or kind for it, has named. */
const isOurs = (context: string) => /^(kind-)?onebranch-/.test(context);

/**
 * Writes the context of a kubeconfig into another one and makes it the current one. Its cluster and its user get its name: the user
 * of an embedded cluster is only called `admin`.
 * @throws UserError when the context, its cluster or its user would replace one that means another cluster
 */
export async function mergeContext(
  io: Io,
  path: string,
  { kubeconfig, context }: { kubeconfig: string; context: string },
): Promise<Merged> {
  const source = new KubeconfigFile("the kubeconfig of the stack", kubeconfig);
  const wanted = source.fields("contexts", context) ?? {};
  const cluster = source.fields("clusters", String(wanted.cluster)) ?? {};
  const server = String(cluster.server);
  await changeKubeconfig(io, path, (file) => {
    const known = file.serverOf(context);
    if (!isOurs(context)) {
      if (known !== undefined && known !== server) throw taken(path, `the context ${context}`, known);
      const other = file.fields("clusters", context)?.server;
      if (known === undefined && other !== undefined && other !== server) {
        throw taken(path, `the cluster ${context}`, String(other));
      }
    }
    // A context of the user's own may have other names behind it, and is right as it is.
    if (isOurs(context) || known === undefined) {
      file.set("clusters", context, cluster);
      file.set("users", context, source.fields("users", String(wanted.user)) ?? {});
      file.set("contexts", context, { ...wanted, cluster: context, user: context });
    }
    file.currentContext = context;
  });
  return { path, context, server };
}

function taken(path: string, what: string, server: string): Error {
  return failure(
    `${what} in ${path} is ${server}, which is another cluster; rename it there, or set KUBECONFIG to another file`,
  );
}

/** Notes that a context goes with the stack. One that the user has named belongs to a cluster that stays. */
export function noteMerged(home: Home, stack: string, merged: Merged): void {
  if (!isOurs(merged.context)) return;
  const others = readMerged(home, stack).filter(({ path }) => path !== merged.path);
  writeWhole(noteFile(home, stack), JSON.stringify([...others, merged]));
}

/** Removes the contexts of a stack that is gone from the user's kubeconfigs; one that means another cluster by now stays. */
export async function removeMerged(io: Io, home: Home, stack: string): Promise<void> {
  for (const { path, context, server } of readMerged(home, stack)) {
    if (!existsSync(path)) continue;
    try {
      await changeKubeconfig(io, path, (file) => {
        if (file.serverOf(context) !== server) return;
        for (const list of ["contexts", "clusters", "users"] as const) file.remove(list, context);
        if (file.currentContext === context) file.currentContext = "";
      });
    } catch (error) {
      io.err(`warning: the context ${context} stays in ${path}: ${(error as Error).message}\n`);
    }
  }
}

function readMerged(home: Home, stack: string): Merged[] {
  try {
    return JSON.parse(readFileSync(noteFile(home, stack), "utf8")) as Merged[];
  } catch {
    return [];
  }
}

function noteFile(home: Home, stack: string): string {
  return join(workDirOf(home, stack), "kubeconfigs.json");
}
