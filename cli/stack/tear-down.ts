import { existsSync } from "node:fs";
import { nameOf, resourcesOf, type Deployment } from "../../model/deployment";
import { failure } from "../terminal/fail";
import { describeChanges, type ResourceChanges } from "./events";
import { removeMerged } from "./kubeconfig/merge";
import { locate } from "./locate";
import { removeEmptyHome, removeState } from "./record";
import { clearPending } from "./recovery";
import { currentDeployment, guarded, prepareRun } from "./run";
import type { StackRun, StackTask } from "./task";
import { collectSettings, removeWorkDir } from "./work-dir";

/** How a stack is to be removed. */
export interface TearDownRequest {
  /** Do not ask. */
  yes: boolean;
  /** Why the stack is to be kept after all, asked once nobody else can change it any more. */
  reasonToKeep?(deployment: Deployment): string | undefined;
}

/** What became of a stack. */
export type TornDown =
  { outcome: "destroyed"; changes: ResourceChanges; text: string } | { outcome: "kept"; text: string };

/** Removes a stack with everything it made. A stack that does not exist is not an error. */
export async function tearDown(task: StackTask, { yes, reasonToKeep }: TearDownRequest): Promise<TornDown> {
  const { io, home, stack, progress } = task;
  const found = await locate(task);
  if (found === undefined) return nothing(task);
  if (io.ask !== undefined && !yes && !(await io.ask(`destroy ${stack} and everything in it?`))) {
    return { outcome: "kept", text: "nothing was changed" };
  }
  const run = await prepareRun(task, { ...found, settings: collectSettings(home, stack, {}), secretKeys: [] });
  const kept = await guarded(run, async () => {
    const deployment = await currentDeployment(run);
    if (deployment === undefined) return "nothing";
    const reason = reasonToKeep?.(deployment);
    if (reason !== undefined) return { reason };
    await clearPending(run, deployment, true);
    await run.opened.destroy(run.watch);
    return undefined;
  });
  if (kept === "nothing") return nothing(task);
  if (kept !== undefined) return { outcome: "kept", text: kept.reason };
  await forget(run);
  progress.stop();
  const { changes } = run.log;
  return { outcome: "destroyed", changes, text: `${describeChanges(changes)}; nothing of it is left` };
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

async function nothing(task: StackTask): Promise<TornDown> {
  const { io, services, home, stack, progress } = task;
  await removeMerged(io, home, stack);
  if (existsSync(home.directory)) await services.pulumi().removeLeftovers(home.root, stack);
  removeWorkDir(home, stack);
  removeEmptyHome(home);
  progress.stop();
  return { outcome: "destroyed", changes: {}, text: "nothing to destroy" };
}
