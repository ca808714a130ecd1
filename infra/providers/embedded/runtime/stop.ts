import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, sendSignal } from "../../../../machine/processes";
import { UserError } from "../../../../model/errors";
import type { ClusterPaths } from "./directory";
import { livingProcess, type NamedProcess, pidFile } from "./pid-file";
import { processesBelow } from "./process-table";

/** Every running process of the cluster whose name is wanted: by its pid file, or by what it was started with. */
export async function runningProcesses(paths: ClusterPaths, names: readonly string[]): Promise<NamedProcess[]> {
  const found = processesBelow(paths.run);
  const all = await Promise.all(
    names.map(async (name) => {
      const record =
        (await livingProcess(pidFile(paths.run, name))) ?? found.find((each) => each.name === name)?.record;
      return record ? [{ name, record }] : [];
    }),
  );
  return all.flat();
}

/**
 * Asks processes to end, and kills those that have not after `patience` seconds, together with the children they have by
 * then. Every signal is preceded by a look at the process's start, so that a recycled pid is never hit.
 */
export async function stopProcesses(processes: readonly NamedProcess[], patience = 5): Promise<void> {
  for (const { record } of processes) if (isAlive(record)) sendSignal(record.pid, "SIGTERM");
  const late = await waitForEnd(processes, patience);
  await killProcesses(late);
}

/** Kills processes with all their children, without asking. */
export async function killProcesses(processes: readonly NamedProcess[]): Promise<void> {
  // They lead process groups of their own, which hold the git and helm commands they run.
  for (const { record } of processes) if (isAlive(record)) sendSignal(-record.pid, "SIGKILL");
  const left = await waitForEnd(processes, 10);
  if (left.length === 0) return;
  const names = left.map(({ name, record }) => `${name} (process ${record.pid})`).join(", ");
  throw new UserError(`${names} did not end after SIGKILL; the machine may be waiting for a disk`, { exitCode: 1 });
}

async function waitForEnd(processes: readonly NamedProcess[], seconds: number): Promise<NamedProcess[]> {
  const deadline = Date.now() + seconds * 1000;
  let left = [...processes];
  for (;;) {
    left = left.filter(({ record }) => isAlive(record));
    if (left.length === 0 || Date.now() > deadline) return left;
    await sleep(20);
  }
}
