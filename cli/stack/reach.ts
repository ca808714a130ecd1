import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { outputsOf, resourcesOf } from "../../model/deployment";
import { currentContext, extractContext } from "../../model/kubeconfig";
import { failure } from "../terminal/fail";
import { locate } from "./locate";
import { readRecord } from "./record";
import { guarded, openRun, type RunTarget } from "./run";
import { readDeployment } from "./state";
import type { StackTask } from "./task";
import { collectSettings } from "./work-dir";

/** How a cluster is reached from this machine. */
export interface Reach {
  /** The outputs of the program; without the secret ones where the state could be read without Pulumi. */
  outputs: Readonly<Record<string, unknown>>;
  /** A kubeconfig with one context and everything that it needs; secret. */
  kubeconfig: string;
  context: string;
}

type Located = Pick<RunTarget, "provider" | "backend">;

/**
 * Finds out how the cluster of a stack is reached. Pulumi is asked only where this machine does not know: for the state of a
 * backend that is not a directory, and for the kubeconfig of a cluster that was made elsewhere.
 */
export async function reachOf(task: StackTask): Promise<Reach> {
  const { stack } = task;
  const found = await locate(task);
  if (found === undefined) throw notUp(stack);
  const { directory } = found.backend;
  const deployment = directory === undefined ? undefined : readDeployment(directory, stack);
  if (directory !== undefined && (deployment === undefined || resourcesOf(deployment).length === 0)) throw notUp(stack);

  let asked: Promise<Readonly<Record<string, unknown>>> | undefined;
  const ask = () => (asked ??= askPulumi(task, found));
  const outputs = deployment === undefined ? await ask() : outputsOf(deployment);
  const { text, context, directory: at } = ownFile(task) ?? (await outputFile(stack, ask));
  return { outputs, context, kubeconfig: extractContext(text, context, at, (file) => readFileSync(file)) };
}

interface KubeconfigText {
  text: string;
  context: string;
  /** Where relative file names in it start. */
  directory: string;
}

/** The file that the last run on this machine named. */
function ownFile({ home, stack }: StackTask): KubeconfigText | undefined {
  const known = readRecord(home, stack)?.kubeconfig;
  if (known === undefined || !existsSync(known.path)) return undefined;
  const text = readFileSync(known.path, "utf8");
  const context = known.context ?? currentContext(text);
  return context === undefined ? undefined : { text, context, directory: dirname(known.path) };
}

async function outputFile(
  stack: string,
  ask: () => Promise<Readonly<Record<string, unknown>>>,
): Promise<KubeconfigText> {
  const { kubeconfig } = await ask();
  const context = typeof kubeconfig === "string" ? currentContext(kubeconfig) : undefined;
  if (typeof kubeconfig !== "string" || context === undefined) throw unfinished(stack);
  return { text: kubeconfig, context, directory: "/" };
}

async function askPulumi(task: StackTask, found: Located): Promise<Readonly<Record<string, unknown>>> {
  const { home, stack } = task;
  const run = await openRun(task, { ...found, settings: collectSettings(home, stack, {}), secretKeys: [] });
  return guarded(run, async () => {
    if (!(await run.opened.exists())) throw notUp(stack);
    return run.opened.outputs();
  });
}

function notUp(stack: string): Error {
  return failure(`${stack} is not up; make it with \`onebranch up ${stack}\``);
}

/** The error for a stack whose last run ended before it could say how the cluster is reached. */
export function unfinished(stack: string): Error {
  return failure(`the state of ${stack} does not say how it is reached; finish that with \`onebranch up ${stack}\``);
}
