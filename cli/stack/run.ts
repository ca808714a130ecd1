import { hiddenValue } from "../../model/hidden-value";
import { parseExport, plainOutput, resourcesOf, type Deployment } from "../../model/deployment";
import { adoptLost } from "./adopt";
import { chooseBackend, stackEnvironment, writeHome, type Backend } from "./environment";
import { createEventLog } from "./events";
import { takeLock } from "./lock";
import { stackVariable } from "./plugins";
import type { CheckedSettings } from "./pulumi";
import { readRecord, writeRecord } from "./record";
import { clearPending } from "./recovery";
import { refreshOutside } from "./refresh";
import { readDeployment } from "./state";
import type { StackRun, StackTask } from "./task";
import { isLocked, otherProvider, translate } from "./translate";
import { collectSettings, refuseUnreadable, writeWorkDir, type StackSettings } from "./work-dir";

/** What a run works on. */
export interface RunTarget {
  /** Undefined: unknown. */
  provider: string | undefined;
  backend: Backend;
  settings: StackSettings;
  /** Keys of the settings whose values are secret. */
  secretKeys: readonly string[];
}

/** Makes everything ready for Pulumi to change the stack: what {@link openRun} does, and the lock. */
export async function prepareRun(task: StackTask, target: RunTarget): Promise<StackRun> {
  const run = await openRun(task, target);
  await guarded(run, () => takeLock(run));
  return run;
}

/** Makes everything ready for Pulumi to read the stack: the programs it needs, and the work directory. */
export async function openRun(task: StackTask, target: RunTarget): Promise<StackRun> {
  const { io, services, home, stack, verb, progress, stop } = task;
  const { provider, backend, settings, secretKeys } = target;
  const pulumi = services.pulumi();
  const { path: toolPath, complete } = await pulumi.prepare({
    root: home.root,
    provider,
    env: io.env,
    signal: stop.signal,
    report: (line, passing) => (passing ? progress.passing(line) : progress.line(line)),
  });
  stop.signal.throwIfAborted();
  const previous = readRecord(home, stack);
  const workDir = writeWorkDir(home, stack, settings, secretKeys, backend.own);
  writeHome(home);
  const env = { ...stackEnvironment(home, backend, toolPath, io.env), [stackVariable]: stack };
  const known = backend.directory !== undefined && readDeployment(backend.directory, stack) !== undefined;
  const opened = await pulumi.open({ root: home.root, stack, workDir, env, known });
  const log = createEventLog(io, progress, verb === "preview");
  const watch = { ...stop, onEvent: log.onEvent };
  return { ...task, pulumi, backend, opened, workDir, toolPath, complete, previous, log, watch };
}

/** A run of the program on a stack. */
export interface ProgramRun extends StackRun {
  settings: CheckedSettings;
  /** True when the stack was made by this run. */
  isNew: boolean;
}

/** What is taken into the state before a run. */
export interface LookRequest {
  /** What the provider has of a stack whose state was lost. */
  adopt?: boolean;
  /** What became of all outside the cluster that the state knows. */
  refresh?: boolean;
}

/**
 * Checks the settings and makes everything ready for the program; nothing exists yet when a check fails.
 * @param look what of the world to take into the state before
 */
export async function prepareProgram(
  task: StackTask,
  given: Readonly<Record<string, string>>,
  look: LookRequest = {},
): Promise<ProgramRun> {
  const { io, services, home, stack, verb } = task;
  const collected = collectSettings(home, stack, given);
  // The program reads them again: only Pulumi can give it the encrypted ones, and this look comes before Pulumi is started.
  const settings = await services.pulumi().check({ root: home.root, stack, config: collected.config });
  for (const warning of settings.warnings) io.err(`warning: ${warning}\n`);
  const { provider, secretKeys } = settings;
  const backend = chooseBackend(home, provider, io.env);
  if (backend.directory !== undefined) refuseOtherProvider(task, readDeployment(backend.directory, stack), provider);
  if (backend.own) refuseUnreadable(home, stack, collected);

  const prepared = await prepareRun(task, { provider, backend, settings: collected, secretKeys });
  const run = { ...prepared, settings, isNew: false };
  await guarded(run, async () => {
    writeRecord(home, stack, settings, verb === "up");
    const deployment = await currentDeployment(run);
    if (deployment === undefined) {
      await run.opened.create();
      run.isNew = true;
    } else {
      refuseOtherProvider(task, deployment, provider);
      if (verb === "up") await clearPending(run, deployment, false);
      if (look.refresh) await refreshOutside(run);
    }
    for (const key of secretKeys) {
      const value = given[key];
      if (value !== undefined && value !== hiddenValue) await run.opened.setSecret(key, value);
    }
    if (look.adopt) await adoptLost(run);
  });
  return run;
}

/**
 * Runs a part of the work, turns Pulumi's errors into sentences, and waits once more when another run was a moment
 * faster to lock the stack.
 */
export async function guarded<T>(run: StackRun, work: () => Promise<T>): Promise<T> {
  const { stop, verb, log } = run;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      stop.signal.throwIfAborted();
      if (attempt > 1 || !isLocked(error)) throw translate(error, run, verb, log.errors);
      await takeLock(run);
    }
  }
}

/** The stack's deployment; undefined when the stack does not exist. */
export async function currentDeployment({ backend, stack, opened }: StackRun): Promise<Deployment | undefined> {
  if (backend.directory !== undefined) return readDeployment(backend.directory, stack);
  return (await opened.exists()) ? parseExport(await opened.exportState()) : undefined;
}

/** Refuses to go on with another provider than the one the stack's resources were made with. */
function refuseOtherProvider({ home, stack }: StackTask, deployment: Deployment | undefined, asked: string): void {
  const resources = deployment === undefined ? 0 : resourcesOf(deployment).length;
  if (deployment === undefined || resources === 0) return;
  const made = readRecord(home, stack)?.provider ?? plainOutput(deployment, "provider");
  if (typeof made === "string" && made !== asked) throw otherProvider(stack, made, asked, resources);
}
