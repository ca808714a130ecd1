import { existsSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { isAlive, startTime } from "../../machine/processes";
import type { UserError } from "../../model/errors";
import { failure } from "../terminal/fail";
import { project } from "./paths";
import { endPlugins } from "./plugins";
import type { StackRun } from "./task";

/** Who holds the lock of a stack in a state directory. */
export interface Lock {
  file: string;
  pid: number;
  username: string;
  hostname: string;
  since: Date;
  /** False only when the process is known to have ended: same machine, and no process of that id started before the lock. */
  alive: boolean;
}

/** A process that started this long after its own lock was written is another one with the same id; in milliseconds. */
const clockTolerance = 2000;

/** How long a run whose tool was killed may take to wind down, in milliseconds. */
const orphanPatience = 60_000;

/**
 * Makes sure that no other run works on the stack: waits for the rest of a run whose tool was killed, clears the lock of a
 * process that has ended, and refuses to go on while another run is working.
 */
export async function takeLock(run: StackRun): Promise<void> {
  const { backend, home, stack, opened, previous, io, progress, stop, verb } = run;
  if (backend.directory === undefined) return;
  const deadline = io.now() + orphanPatience;
  for (;;) {
    const locks = readLocks(backend.directory, stack);
    const living = locks.find(({ alive }) => alive);
    if (living === undefined) {
      endPlugins(home.root, stack);
      repairState(backend.directory, stack);
      if (locks.length > 0) {
        await opened.cancel();
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

/** The refusal of a run while another one works on the stack. */
function lockedBy(lock: Lock, stack: string, verb: string): UserError {
  const holder = `process ${lock.pid} of ${lock.username} on ${lock.hostname}`;
  return failure(
    `stack ${stack} is locked by ${holder} since ${lock.since.toISOString()}; ` +
      `wait until it is done (or stop it with \`kill -INT ${lock.pid}\`), then run \`onebranch ${verb} ${stack}\` again. ` +
      `If that process cannot exist any more, delete ${lock.file}`,
  );
}

/** The locks on a stack whose state lies in `state`. A lock that vanishes while it is read does not count. */
export function readLocks(state: string, stack: string, startOf = startTime, here = hostname()): Lock[] {
  const directory = lockDirectory(state, stack);
  return filesIn(directory, ".json").flatMap((name) => {
    const file = join(directory, name);
    const content = parse(file);
    if (content === undefined) return [];
    const since = new Date(content.timestamp);
    const start = content.hostname === here ? startOf(content.pid) : undefined;
    const alive =
      content.hostname !== here || (start !== undefined && start.getTime() <= since.getTime() + clockTolerance);
    return [{ file, pid: content.pid, username: content.username, hostname: content.hostname, since, alive }];
  });
}

/** A file that is written takes far less than this to be complete, in milliseconds. */
const writingTime = 2000;

/**
 * Repairs what a kill in the middle of writing leaves in a state directory, each of which stops Pulumi for ever: drafts
 * of locks, which count as locks, and empty attribute files. Returns whether there was anything.
 */
export function repairState(state: string, stack: string, now = Date.now()): boolean {
  const locks = lockDirectory(state, stack);
  const stacks = join(state, ".pulumi", "stacks", project);
  const broken = [
    ...filesIn(locks, ".tmp").map((name) => join(locks, name)),
    ...[join(state, ".pulumi", "meta.yaml"), join(stacks, `${stack}.json`)]
      .map((file) => `${file}.attrs`)
      .filter(isEmpty),
  ].filter((file) => isOlder(file, now - writingTime));
  for (const file of broken) rmSync(file, { force: true });
  return broken.length > 0;
}

function isEmpty(file: string): boolean {
  return existsSync(file) && statSync(file).size === 0;
}

function isOlder(file: string, than: number): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) < than;
}

function lockDirectory(state: string, stack: string): string {
  return join(state, ".pulumi", "locks", "organization", project, stack);
}

function filesIn(directory: string, ending: string): string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith(ending));
  } catch {
    return [];
  }
}

function parse(file: string): { pid: number; username: string; hostname: string; timestamp: string } | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ReturnType<typeof parse>;
  } catch {
    return undefined;
  }
}
