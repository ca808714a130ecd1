import type { Context } from "../../command";
import type { Stop } from "../../terminal/interrupt";
import type { Progress } from "../../terminal/progress";
import { describeChanges } from "../../stack/events";
import { guarded, startProgram } from "../../stack/program";
import { removeEmptyHome, removeState } from "../../stack/record";
import { removeWorkDir } from "../../stack/settings";

/** What `preview` was asked to do. */
export interface PreviewRequest {
  stack: string;
  given: Readonly<Record<string, string>>;
  json: boolean;
  progress: Progress;
  stop: Stop;
}

/** Shows what `up` would do; a stack that did not exist before is gone again afterwards. */
export async function previewProgram(context: Context, request: PreviewRequest): Promise<number> {
  const { io } = context;
  const run = await startProgram(context, { ...request, verb: "preview" });
  const { home, stack, opened, backend, log } = run;
  try {
    await guarded(run, () => opened.preview({ ...request.stop, onEvent: (event) => log.onEvent(event) }));
  } finally {
    if (run.isNew) {
      if (backend.own) removeState(home, stack);
      else await opened.remove();
      removeWorkDir(home, stack);
      removeEmptyHome(home);
    }
  }
  request.progress.stop();
  if (request.json)
    io.out(`${JSON.stringify({ stack, provider: run.provider, changes: log.changes }, undefined, 2)}\n`);
  else io.out(`${stack}: ${describeChanges(log.changes, true)}\n`);
  return 0;
}
