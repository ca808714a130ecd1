import type { Context } from "../command";
import type { Stop } from "../terminal/interrupt";
import type { Progress } from "../terminal/progress";
import { count } from "../terminal/table";
import type { CheckedSettings } from "./pulumi";
import { chooseBackend } from "./environment";
import { createEventLog, type EventLog } from "./events";
import { homeOf } from "./paths";
import { readRecord, writeRecord, type StackRecord } from "./record";
import {
  clearPending,
  currentDeployment,
  openSession,
  prepareTools,
  refuseOtherProvider,
  takeLock,
  type Session,
} from "./session";
import { collectSettings, hiddenValue, refuseUnreadable, writeWorkDir } from "./settings";
import { readDeployment } from "./state";
import { isLocked, translate } from "./translate";

/** A run of Pulumi on one stack. */
export interface GuardedRun extends Session {
  /** The record of the run before. */
  previous: StackRecord | undefined;
  log: EventLog;
}

/** A run of the program on one stack. */
export interface ProgramRun extends GuardedRun {
  settings: CheckedSettings;
  /** True when the stack was made by this run. */
  isNew: boolean;
}

/** What `up` and `preview` are asked to do. */
export interface ProgramRequest {
  stack: string;
  verb: "up" | "preview";
  given: Readonly<Record<string, string>>;
  progress: Progress;
  stop: Stop;
}

/** Checks the settings and makes everything ready for a Pulumi run; nothing exists yet when a check fails. */
export async function startProgram(context: Context, request: ProgramRequest): Promise<ProgramRun> {
  const { stack, verb, given, progress, stop } = request;
  const { io, services } = context;
  const home = homeOf(context.root());
  const pulumi = services.pulumi();
  const shared = { io, home, stack, verb, pulumi, progress, stop };

  const collected = collectSettings(home, stack, given);
  const settings = await pulumi.check({ root: home.root, stack, config: collected.config });
  warnOfDirtyTree(io.err, settings.dirty);
  const backend = chooseBackend(home, settings.provider, io.env);
  if (backend.directory !== undefined) {
    refuseOtherProvider(shared, readDeployment(backend.directory, stack), settings.provider);
  }

  if (backend.own) refuseUnreadable(home, stack, collected);

  const toolPath = await prepareTools(shared, settings.provider);
  const previous = readRecord(home, stack);
  const workDir = writeWorkDir(home, stack, collected, settings.secretKeys, backend.own);
  const session = await openSession(shared, { provider: settings.provider, backend, workDir, toolPath });
  const log = createEventLog(io, progress, verb === "preview");
  const run = { ...session, settings, previous, log, isNew: false };
  await guarded(run, async () => {
    await takeLock(session, previous);
    writeRecord(home, stack, settings);
    const deployment = await currentDeployment(session);
    if (deployment === undefined) {
      await session.opened.create();
      run.isNew = true;
    } else {
      refuseOtherProvider(shared, deployment, settings.provider);
      if (verb === "up") await clearPending(session, false);
    }
    for (const key of settings.secretKeys) {
      const value = given[key];
      if (value !== undefined && value !== hiddenValue) await session.opened.setSecret(key, value);
    }
  });
  return run;
}

/**
 * Runs a part of the work, turns Pulumi's errors into sentences, and waits once more when another run was a moment
 * faster to lock the stack.
 */
export async function guarded<T>(run: GuardedRun, work: () => Promise<T>): Promise<T> {
  const { stop, home, stack, backend, verb, log } = run;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      stop.signal.throwIfAborted();
      if (attempt > 1 || !isLocked(error)) throw translate(error, { stack, home, backend }, verb, log.errors);
      await takeLock(run, run.previous);
    }
  }
}

function warnOfDirtyTree(print: (text: string) => void, dirty: readonly string[]): void {
  const unseen = dirty.filter((path) => path.startsWith("gitops/"));
  if (unseen.length === 0) return;
  const shown = unseen.slice(0, 5).map((path) => `  ${path}\n`);
  const more = unseen.length > shown.length ? `  and ${unseen.length - shown.length} more\n` : "";
  print(
    `warning: ${count(unseen.length, "file")} under gitops/ not committed; Argo CD sees commits only, so commit to see an effect:\n` +
      `${shown.join("")}${more}`,
  );
}
