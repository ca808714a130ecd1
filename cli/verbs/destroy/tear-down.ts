import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { nameOf, plainOutput, resourcesOf } from "../../../model/deployment";
import { UserError } from "../../../model/errors";
import { chooseBackend, hasOtherBackend, ownBackend, type Backend } from "../../stack/environment";
import { describeChanges, type ResourceChanges } from "../../stack/events";
import { workDirOf, type Home } from "../../stack/paths";
import { knownStacks, readRecord, removeEmptyHome, removeState } from "../../stack/record";
import { clearPending } from "../../stack/recovery";
import { currentDeployment, guarded, prepareRun, type RunTarget } from "../../stack/run";
import { readDeployment } from "../../stack/state";
import type { StackRun, StackTask } from "../../stack/task";
import { collectSettings, removeWorkDir } from "../../stack/work-dir";
import { failure, unknownName } from "../../terminal/fail";

/** What `destroy` was asked to do. */
export interface TearDownRequest {
  /** Do not ask. */
  yes: boolean;
  json: boolean;
}

/** Removes a stack with everything it made; returns the exit code. A stack that does not exist is not an error. */
export async function tearDown(task: StackTask, request: TearDownRequest): Promise<number> {
  const { io, home, stack } = task;
  refuseUnknown(home, stack);
  const found = await findStack(task);
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

/** Where the stack is; undefined when there is no stack that can be destroyed from here. */
async function findStack(task: StackTask): Promise<Pick<RunTarget, "provider" | "backend"> | undefined> {
  const { io, home, stack } = task;
  const isKnown = readDeployment(home.state, stack) !== undefined || existsSync(workDirOf(home, stack));
  if (!isKnown && !hasOtherBackend(io.env)) return undefined;
  const provider = await providerOf(task);
  const backend = backendOf(task, provider);
  return backend === undefined || isGone(backend, stack) ? undefined : { provider, backend };
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
  removeWorkDir(home, stack);
  removeEmptyHome(home);
}

/** A name is known when it has a cluster in the tree, settings, or a state here. */
function refuseUnknown(home: Home, stack: string): void {
  const inTree = readdirSync(join(home.root, "gitops", "clusters"));
  const names = [...inTree, ...knownStacks(home)];
  const hasSettings = existsSync(join(home.root, `Pulumi.${stack}.yaml`));
  if (names.includes(stack) || hasSettings || existsSync(workDirOf(home, stack))) return;
  throw unknownName("stack", stack, names, { where: ", neither in gitops/clusters nor in the state" });
}

/** The provider that the stack was made with; if none was recorded, the one in its settings, if they can be read. */
async function providerOf({ home, stack, services }: StackTask): Promise<string | undefined> {
  const deployment = readDeployment(home.state, stack);
  const recorded = readRecord(home, stack)?.provider ?? (deployment && plainOutput(deployment, "provider"));
  if (typeof recorded === "string") return recorded;
  const { config } = collectSettings(home, stack, {});
  if (config.provider) return config.provider;
  try {
    return (await services.pulumi().check({ root: home.root, stack, config })).provider;
  } catch (error) {
    // A stack can be destroyed even when the tree is broken.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** The stack's backend; undefined when the stack would be in a backend that needs a login, and there is none. */
function backendOf({ home, stack, io }: StackTask, provider: string | undefined): Backend | undefined {
  if (!io.env.PULUMI_BACKEND_URL && readDeployment(home.state, stack) !== undefined) return ownBackend(home);
  try {
    return chooseBackend(home, provider, io.env);
  } catch (error) {
    if (readRecord(home, stack) === undefined && error instanceof UserError) return undefined;
    throw error;
  }
}

function isGone(backend: Backend, stack: string): boolean {
  return backend.directory !== undefined && readDeployment(backend.directory, stack) === undefined;
}

async function nothing(task: StackTask, request: TearDownRequest): Promise<number> {
  const { services, home, stack } = task;
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
