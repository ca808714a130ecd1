import type { Context } from "../command";
import type { Services } from "../services";
import { interruptible, untilInterrupted, type Stop } from "../terminal/interrupt";
import type { Io } from "../terminal/io";
import { createProgress, type Progress } from "../terminal/progress";
import type { Backend } from "./environment";
import type { EventLog } from "./events";
import { homeOf, type Home } from "./paths";
import type { Prepared, Pulumi, PulumiStack, RunOptions } from "./pulumi";
import type { StackRecord } from "./record";

/** A verb at work on one stack. */
export interface StackTask {
  io: Io;
  services: Services;
  home: Home;
  stack: string;
  /** For messages. */
  verb: string;
  progress: Progress;
  stop: Stop;
}

/** A stack ready for Pulumi to work on. */
export interface StackRun extends StackTask {
  pulumi: Pulumi;
  backend: Backend;
  opened: PulumiStack;
  workDir: string;
  /** Directories for PATH with everything the provider needs. */
  toolPath: readonly string[];
  /** Builds what other verbs need, if that has to be done. */
  complete: Prepared["complete"];
  /** The record of the run before. */
  previous: StackRecord | undefined;
  log: EventLog;
  /** Feeds the log, and stops Pulumi when the user wants it. */
  watch: RunOptions;
}

/** Does a verb's work on a stack, showing how it goes and ending in order on Ctrl-C; returns the exit code. */
export function onStack(context: Context, verb: string, stack: string, work: Work): Promise<number> {
  return shown(context, verb, stack, work, (run) => interruptible(context.io, `onebranch ${verb} ${stack}`, run));
}

/** The same for a verb that works on several stacks, one after the other. */
export function onStacks(
  context: Context,
  verb: string,
  work: (taskOn: (stack: string) => StackTask) => Promise<number>,
): Promise<number> {
  const onEach = (task: StackTask) => work((stack) => ({ ...task, stack }));
  return shown(context, verb, "", onEach, (run) => interruptible(context.io, `onebranch ${verb}`, run));
}

/** The same for work that goes on until Ctrl-C. */
export function onStackUntilInterrupted(context: Context, verb: string, stack: string, work: Work): Promise<number> {
  return shown(context, verb, stack, work, (run) => untilInterrupted(context.io, run));
}

type Work = (task: StackTask) => Promise<number>;

async function shown(
  { io, services, root }: Context,
  verb: string,
  stack: string,
  work: Work,
  stoppable: (run: (stop: Stop) => Promise<number>) => Promise<number>,
): Promise<number> {
  const home = homeOf(root());
  const progress = createProgress(io);
  try {
    return await stoppable((stop) => work({ io, services, home, stack, verb, progress, stop }));
  } finally {
    progress.stop();
  }
}
