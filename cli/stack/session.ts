import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../../machine/processes";
import type { Io } from "../terminal/io";
import type { Stop } from "../terminal/interrupt";
import type { Progress } from "../terminal/progress";
import { count } from "../terminal/table";
import type { Pulumi, PulumiStack } from "./pulumi";
import { stackEnvironment, writeHome, type Backend } from "./environment";
import { readLocks, repairState } from "./lock";
import type { Home } from "./paths";
import { endPlugins, stackVariable } from "./plugins";
import { readRecord, type StackRecord } from "./record";
import { nameOf, plainOutput, readDeployment, resourcesOf, withoutPending, type Deployment } from "./state";
import { lockedBy, otherProvider } from "./translate";

/** What the steps of a session share. */
export interface SessionContext {
  io: Io;
  home: Home;
  stack: string;
  /** The verb that runs, for messages. */
  verb: string;
  pulumi: Pulumi;
  progress: Progress;
  stop: Stop;
}

/** A stack ready for a Pulumi run. */
export interface Session extends SessionContext {
  provider: string;
  backend: Backend;
  opened: PulumiStack;
  workDir: string;
  toolPath: readonly string[];
}

/** How long a run whose tool was killed may take to wind down, in milliseconds. */
const orphanPatience = 60_000;

/** The directories for PATH with everything the provider needs, after building what is missing. */
export async function prepareTools(context: SessionContext, provider: string): Promise<string[]> {
  const { pulumi, home, io, progress, stop } = context;
  const directories = await pulumi.prepare({
    root: home.root,
    provider,
    env: io.env,
    signal: stop.signal,
    report: (line, passing) => (passing ? progress.passing(line) : progress.line(line)),
  });
  stop.signal.throwIfAborted();
  return directories;
}

/** Opens a stack whose work directory is written. */
export async function openSession(
  context: SessionContext,
  options: { provider: string; backend: Backend; workDir: string; toolPath: readonly string[] },
): Promise<Session> {
  const { home, stack, pulumi, io } = context;
  const { backend, workDir, toolPath } = options;
  writeHome(home);
  const env = { ...stackEnvironment(home, backend, toolPath, io.env), [stackVariable]: stack };
  const known = backend.directory !== undefined && readDeployment(backend.directory, stack) !== undefined;
  const opened = await pulumi.open({ root: home.root, stack, workDir, env, known });
  return { ...context, ...options, opened };
}

/** The stack's deployment; undefined when the stack does not exist. */
export async function currentDeployment({ backend, stack, opened }: Session): Promise<Deployment | undefined> {
  if (backend.directory !== undefined) return readDeployment(backend.directory, stack);
  if (!(await opened.exists())) return undefined;
  return (JSON.parse(await opened.exportState()) as { deployment?: Deployment }).deployment ?? {};
}

/** Refuses to go on with another provider than the one the stack's resources were made with. */
export function refuseOtherProvider(context: SessionContext, deployment: Deployment | undefined, asked: string): void {
  const resources = deployment === undefined ? 0 : resourcesOf(deployment).length;
  if (deployment === undefined || resources === 0) return;
  const made = readRecord(context.home, context.stack)?.provider ?? plainOutput(deployment, "provider");
  if (typeof made === "string" && made !== asked) throw otherProvider(context.stack, made, asked, resources);
}

/**
 * Makes sure that nobody works on the stack: waits for the rest of a run whose tool was killed, clears the lock of a
 * process that is gone, and refuses to go on while somebody else is at it. `previous` is the record of the last run.
 */
export async function takeLock(session: Session, previous: StackRecord | undefined): Promise<void> {
  const { backend, stack, io, progress, stop, verb } = session;
  if (backend.directory === undefined) return;
  const deadline = io.now() + orphanPatience;
  for (;;) {
    const locks = readLocks(backend.directory, stack);
    const living = locks.find(({ alive }) => alive);
    if (living === undefined) {
      endPlugins(session.home.root, stack);
      repairState(backend.directory, stack);
      if (locks.length > 0) {
        await session.opened.cancel();
        progress.line(`cleared the lock of process ${locks.map(({ pid }) => pid).join(", ")}, which is gone`);
      }
      return;
    }
    if (previous === undefined || isAlive(previous) || io.now() > deadline) throw lockedBy(living, stack, verb);
    progress.waiting(`process ${living.pid} to finish what a killed run had begun`);
    await io.sleep(250);
    stop.signal.throwIfAborted();
  }
}

/**
 * Takes the operations that a killed run had begun out of the state, since Pulumi would warn of them for ever: every
 * resource of this program can be made or deleted again. `adopt` keeps half made Kubernetes objects for a destroy.
 */
export async function clearPending(session: Session, adopt: boolean): Promise<void> {
  const { opened, progress, workDir, pulumi, home, stack } = session;
  const deployment = await currentDeployment(session);
  const pending = deployment?.pending_operations ?? [];
  if (deployment === undefined || pending.length === 0) return;
  await pulumi.recover({
    root: home.root,
    stack,
    pending: pending.filter(({ type }) => type === "creating").map(({ resource }) => resource),
    known: resourcesOf(deployment),
  });
  const exported = JSON.parse(await opened.exportState()) as { deployment: Deployment };
  const file = join(workDir, "recovered.json");
  const recovered = { ...exported, deployment: withoutPending(exported.deployment, adopt) };
  writeFileSync(file, JSON.stringify(recovered), { mode: 0o600 });
  try {
    await opened.importState(file);
  } finally {
    rmSync(file, { force: true });
  }
  const names = pending.map(({ resource }) => nameOf(resource.urn)).join(", ");
  progress.line(`recovered ${count(pending.length, "operation")} that a killed run had begun: ${names}`);
}

/** Whether a stack of this name may be meant: it has a cluster, settings, or state here. */
export function isNamedInTree(home: Home, stack: string): boolean {
  return (
    existsSync(join(home.root, "gitops", "clusters", stack)) || existsSync(join(home.root, `Pulumi.${stack}.yaml`))
  );
}
