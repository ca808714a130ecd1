import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isAlive, type ProcessRecord } from "../../../../machine/processes";

/** A process under the name of its pid file. */
export interface NamedProcess {
  name: string;
  record: ProcessRecord;
}

/** The pid file of a process. The process claims and writes it itself, so that it is not lost when its starter is killed. */
export function pidFile(run: string, name: string): string {
  return join(run, `${name}.json`);
}

/** What a pid file says; undefined when it is missing or only half written. */
export async function readRecord(path: string): Promise<ProcessRecord | undefined> {
  try {
    const { pid, start } = JSON.parse(await readFile(path, "utf8")) as Partial<ProcessRecord>;
    return Number.isInteger(pid) && pid! > 0 && typeof start === "string" ? { pid: pid!, start } : undefined;
  } catch {
    return undefined;
  }
}

/** The process of a pid file, if it runs. */
export async function livingProcess(path: string): Promise<ProcessRecord | undefined> {
  const record = await readRecord(path);
  return isAlive(record) ? record : undefined;
}
