import { describeChanges } from "../../stack/events";
import { removeEmptyHome, removeState } from "../../stack/record";
import { guarded, prepareProgram } from "../../stack/run";
import type { StackTask } from "../../stack/task";
import { removeWorkDir } from "../../stack/work-dir";

/** What `preview` was asked to do. */
export interface PreviewRequest {
  given: Readonly<Record<string, string>>;
  json: boolean;
}

/** Shows what `up` would do. A stack that did not exist before is removed again afterwards. */
export async function previewProgram(task: StackTask, { given, json }: PreviewRequest): Promise<number> {
  const { io, home, stack, progress } = task;
  const run = await prepareProgram(task, given);
  const { settings, opened, backend, log } = run;
  try {
    await guarded(run, () => opened.preview(run.watch));
  } finally {
    if (run.isNew) {
      if (backend.own) removeState(home, stack);
      else await opened.remove();
      removeWorkDir(home, stack);
      removeEmptyHome(home);
    }
  }
  progress.stop();
  if (json) io.out(`${JSON.stringify({ stack, provider: settings.provider, changes: log.changes }, undefined, 2)}\n`);
  else io.out(`${stack}: ${describeChanges(log.changes, true)}\n`);
  return 0;
}
