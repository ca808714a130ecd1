import { parse, stringify } from "yaml";
import { kubeconfigFile } from "../../stack/kubeconfig/file";
import { mergeContext, noteMerged } from "../../stack/kubeconfig/merge";
import { reachOf } from "../../stack/reach";
import type { StackTask } from "../../stack/task";

/** Prints the kubeconfig of a stack's cluster, or merges it into the user's; returns the exit code. */
export async function showKubeconfig(
  task: StackTask,
  { merge, json }: { merge: boolean; json: boolean },
): Promise<number> {
  const { io, home, stack, progress } = task;
  const { kubeconfig, context } = await reachOf(task);
  progress.stop();
  if (!merge) {
    const config: unknown = parse(kubeconfig);
    io.out(json ? `${JSON.stringify({ stack, context, kubeconfig: config }, undefined, 2)}\n` : stringify(config));
    return 0;
  }
  const merged = await mergeContext(io, kubeconfigFile(io.env), { kubeconfig, context });
  noteMerged(home, stack, merged);
  const { path } = merged;
  if (json) io.out(`${JSON.stringify({ stack, context, path }, undefined, 2)}\n`);
  else io.out(`${context} is the current context in ${path}\n`);
  return 0;
}
