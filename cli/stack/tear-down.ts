import { existsSync } from "node:fs";
import { nameOf, resourcesOf } from "../../model/deployment";
import { failure } from "../terminal/fail";
import { describeChanges, type ResourceChanges } from "./events";
import { removeMerged } from "./kubeconfig/merge";
import { locate } from "./locate";
import { removeEmptyHome, removeState } from "./record";
import { clearPending } from "./recovery";
import { currentDeployment, guarded, prepareRun } from "./run";
import type { StackRun, StackTask } from "./task";
import { collectSettings, removeWorkDir } from "./work-dir";

/** What `destroy` was asked to do. */
export interface TearDownRequest {
  /** Do not ask. */
  yes: boolean;
  json: boolean;
}

/** Removes a stack with everything it made; returns the exit code. A stack that does not exist is not an error. */
export async function tearDown(task: StackTask, request: TearDownRequest): Promise<number> {
  const { io, home, stack } = task;
  const found = await locate(task);
  if (found === undefined) return nothing(task, request);
  if (io.ask !== undefined && !request.yes && !(await io.ask(`destroy ${stack} and everything in it?`))) {
    io.err("nothing was changed\n");
    return 1;
  }
  const run = await prepareRun(task, { ...found, settings: collectSettings(home, stack, {}), secretKeys: [] });
  const isDestroyed = await guarded(run, async () => {
    const deployment = await currentDeployment(run);
    if (deployment === undefined) return false;
    await clearPending(run, deployment, true);
    await run.opened.destroy(run.watch);
    return true;
  });
  if (!isDestroyed) return nothing(task, request);
  await forget(run);
  const { changes } = run.log;
  return report(task, request, changes, `${describeChanges(changes)}; nothing of it is left`);
}

/** Removes the stack itself and what the tool kept about it. */
async function forget(run: StackRun): Promise<void> {
  const { home, stack, backend, opened, pulumi } = run;
  const left = await currentDeployment(run);
  const resources = left === undefined ? [] : resourcesOf(left);
  if (resources.length > 0) {
    throw failure(`destroy ${stack} left ${resources.map(({ urn }) => nameOf(urn)).join(", ")}; run it again`);
  }
  await pulumi.removeLeftovers(home.root, stack);
  if (backend.own) removeState(home, stack);
  else await guarded(run, () => opened.remove());
  await removeMerged(run.io, home, stack);
  removeWorkDir(home, stack);
  removeEmptyHome(home);
}

async function nothing(task: StackTask, request: TearDownRequest): Promise<number> {
  const { io, services, home, stack } = task;
  await removeMerged(io, home, stack);
  if (existsSync(home.directory)) await services.pulumi().removeLeftovers(home.root, stack);
  removeWorkDir(home, stack);
  removeEmptyHome(home);
  return report(task, request, {}, "nothing to destroy");
}

function report(task: StackTask, { json }: TearDownRequest, changes: ResourceChanges, text: string): number {
  const { io, stack, progress } = task;
  progress.stop();
  io.out(json ? `${JSON.stringify({ stack, changes }, undefined, 2)}\n` : `${stack}: ${text}\n`);
  return 0;
}
