import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../machine/files";
import { thisProcess, type ProcessRecord } from "../../machine/processes";
import type { CheckedSettings } from "./pulumi";
import { project, workDirOf, type Home } from "./paths";
import { listStacks, stateFile } from "./state";

/**
 * What the tool keeps about the last run on a stack, beside Pulumi's own state. The process is the tool's own: it tells
 * a run that still works from one that was killed.
 */
export interface StackRecord extends ProcessRecord {
  provider: string;
  identity: CheckedSettings["identity"];
  kubeconfig: CheckedSettings["kubeconfig"];
  /** The cluster follows this checkout, perhaps under an address that only it can reach. */
  followsCheckout?: boolean;
  /** Those that the last `up` wrote; absent: it was another version, or there was none. */
  policies?: CheckedSettings["policies"];
  /** Of an ephemeral stack. */
  lifetime?: CheckedSettings["lifetime"];
}

/** Writes the record of a run that starts now; the work directory must exist. A preview writes no policies. */
export function writeRecord(home: Home, stack: string, settings: CheckedSettings, isUp: boolean): void {
  const { provider, identity, kubeconfig, followsCheckout, lifetime } = settings;
  const policies = isUp ? settings.policies : readRecord(home, stack)?.policies;
  const known = {
    ...{ provider, identity, kubeconfig, followsCheckout },
    ...(policies && { policies }),
    ...(lifetime && { lifetime }),
  };
  const record: StackRecord = { ...known, ...thisProcess() };
  writeWhole(recordFile(home, stack), JSON.stringify(record));
}

/** The record of a stack; undefined when the tool has not worked on it from this checkout. */
export function readRecord(home: Home, stack: string): StackRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordFile(home, stack), "utf8")) as StackRecord;
  } catch {
    return undefined;
  }
}

/** Names of the stacks that exist here: with state in `.onebranch/state`, or worked on from this checkout. */
export function knownStacks(home: Home): string[] {
  const worked = directoriesIn(home.stacks).filter((stack) => readRecord(home, stack) !== undefined);
  return [...new Set([...listStacks(home.state), ...worked])].sort();
}

/** Removes a stack's files from the tool's own state directory; its resources must be gone. */
export function removeState(home: Home, stack: string): void {
  const bookkeeping = join(home.state, ".pulumi");
  for (const directory of directoriesIn(bookkeeping)) {
    for (const scope of [directory, join(directory, project), join(directory, "organization", project)]) {
      for (const name of entriesOf(join(bookkeeping, scope))) {
        if (name === stack || name.startsWith(`${stack}.json`)) {
          rmSync(join(bookkeeping, scope, name), { recursive: true, force: true });
        }
      }
    }
  }
  rmSync(stateFile(home.state, stack), { force: true });
}

/** Removes everything under `.onebranch/` that served the stacks once there is none, and every directory that is empty. */
export function removeEmptyHome(home: Home): void {
  if (knownStacks(home).length > 0) return;
  for (const path of [home.state, home.bin, home.pulumiHome, home.passphrase, home.stacks, home.tmp]) {
    rmSync(path, { recursive: true, force: true });
  }
  removeIfEmpty(home.directory);
}

/** Removes a directory that holds nothing but empty directories. */
function removeIfEmpty(directory: string): void {
  for (const name of directoriesIn(directory)) removeIfEmpty(join(directory, name));
  if (existsSync(directory) && entriesOf(directory).length === 0) rmdirSync(directory);
}

function recordFile(home: Home, stack: string): string {
  return join(workDirOf(home, stack), "run.json");
}

function entriesOf(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}

function directoriesIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}
