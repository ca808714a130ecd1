import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../model/errors";
import { nearestName } from "../../../model/names";
import type { Context } from "../../command";
import { failure, usageError } from "../../terminal/fail";
import type { Stop } from "../../terminal/interrupt";
import type { Progress } from "../../terminal/progress";
import { chooseBackend, hasOtherBackend, type Backend } from "../../stack/environment";
import { createEventLog, describeChanges, type ResourceChanges } from "../../stack/events";
import { homeOf, workDirOf, type Home } from "../../stack/paths";
import { guarded, type GuardedRun } from "../../stack/program";
import { knownStacks, readRecord, removeEmptyHome, removeState } from "../../stack/record";
import {
  clearPending,
  currentDeployment,
  openSession,
  prepareTools,
  takeLock,
  type SessionContext,
} from "../../stack/session";
import { collectSettings, removeWorkDir, writeWorkDir } from "../../stack/settings";
import { nameOf, plainOutput, readDeployment, resourcesOf } from "../../stack/state";

/** What `destroy` was asked to do. */
export interface TearDownRequest {
  stack: string;
  /** Do not ask. */
  yes: boolean;
  json: boolean;
  progress: Progress;
  stop: Stop;
}

/** Removes a stack with everything it made; returns the exit code. A stack that does not exist is not an error. */
export async function tearDown(context: Context, request: TearDownRequest): Promise<number> {
  const { stack, progress, stop } = request;
  const { io, services } = context;
  const home = homeOf(context.root());
  refuseUnknown(home, stack);
  const isKnown = readDeployment(home.state, stack) !== undefined || existsSync(workDirOf(home, stack));
  if (!isKnown && !hasOtherBackend(io.env)) return nothing(context, home, request);

  const pulumi = services.pulumi();
  const shared: SessionContext = { io, home, stack, verb: "destroy", pulumi, progress, stop };
  const provider = await providerOf(shared);
  const backend = backendOf(shared, provider);
  if (backend === undefined || isGone(backend, stack)) return nothing(context, home, request);
  if (io.ask !== undefined && !request.yes && !(await io.ask(`destroy ${stack} and everything in it?`))) {
    io.err("nothing was changed\n");
    return 1;
  }

  const toolPath = await prepareTools(shared, provider);
  const previous = readRecord(home, stack);
  const workDir = writeWorkDir(home, stack, collectSettings(home, stack, {}), [], backend.own);
  const session = await openSession(shared, { provider, backend, workDir, toolPath });
  const log = createEventLog(io, progress);
  const run = { ...session, previous, log };
  const found = await guarded(run, async () => {
    await takeLock(session, previous);
    if ((await currentDeployment(session)) === undefined) return false;
    await clearPending(session, true);
    await session.opened.destroy({ ...stop, onEvent: (event) => log.onEvent(event) });
    return true;
  });
  if (!found) return nothing(context, home, request);
  await forget(run);
  progress.stop();
  report(request, io.out, log.changes, `${stack}: ${describeChanges(log.changes)}; nothing of it is left\n`);
  return 0;
}

/** Removes the stack itself and what the tool kept about it. */
async function forget(run: GuardedRun): Promise<void> {
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

function refuseUnknown(home: Home, stack: string): void {
  const inTree = existsSync(join(home.root, "gitops", "clusters", stack));
  const names = [...readdirSync(join(home.root, "gitops", "clusters")), ...knownStacks(home)];
  const hasSettings = existsSync(join(home.root, `Pulumi.${stack}.yaml`));
  if (inTree || hasSettings || names.includes(stack) || existsSync(workDirOf(home, stack))) return;
  const near = nearestName(stack, names);
  const known = [...new Set(names)].sort().join(", ");
  throw usageError(
    `there is no stack ${stack}, neither in gitops/clusters nor in the state; ` +
      (near === undefined ? `there are ${known || "none"}` : `did you mean ${near}?`),
  );
}

/** The provider that the stack was made with; for one that nobody recorded, the one its settings name. */
async function providerOf({ home, stack, pulumi }: SessionContext): Promise<string> {
  const deployment = readDeployment(home.state, stack);
  const recorded = readRecord(home, stack)?.provider ?? (deployment && plainOutput(deployment, "provider"));
  if (typeof recorded === "string") return recorded;
  const { config } = collectSettings(home, stack, {});
  if (config.provider) return config.provider;
  try {
    return (await pulumi.check({ root: home.root, stack, config })).provider;
  } catch (error) {
    // A broken tree must not keep anybody from destroying what is there.
    if (error instanceof UserError) return "embedded";
    throw error;
  }
}

/** The stack's backend; undefined when the stack would be in a backend that nobody here is logged in to. */
function backendOf({ home, stack, io }: SessionContext, provider: string): Backend | undefined {
  if (!io.env.PULUMI_BACKEND_URL && readDeployment(home.state, stack) !== undefined) {
    return chooseBackend(home, "embedded", io.env);
  }
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

async function nothing({ io, services }: Context, home: Home, request: TearDownRequest): Promise<number> {
  const { stack, progress } = request;
  if (existsSync(join(home.directory, "clusters", stack))) await services.pulumi().removeLeftovers(home.root, stack);
  removeWorkDir(home, stack);
  removeEmptyHome(home);
  progress.stop();
  report(request, io.out, {}, `${stack}: nothing to destroy\n`);
  return 0;
}

function report(request: TearDownRequest, print: (text: string) => void, changes: ResourceChanges, text: string): void {
  print(request.json ? `${JSON.stringify({ stack: request.stack, changes }, undefined, 2)}\n` : text);
}
