import { readFileSync, readdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { project } from "./paths";
import { processStart } from "./process";

/** Who holds the lock of a stack in a state directory. */
export interface Lock {
  file: string;
  pid: number;
  username: string;
  hostname: string;
  since: Date;
  /** False only when the process is known to be gone: same machine, and no process of that id started before the lock. */
  alive: boolean;
}

/** A process that started this long after its own lock was written is another one with the same id; in milliseconds. */
const clockTolerance = 2000;

/** The locks on a stack whose state lies in `state`. A lock that vanishes while it is read does not count. */
export function readLocks(state: string, stack: string, startOf = processStart, here = hostname()): Lock[] {
  const directory = join(state, ".pulumi", "locks", "organization", project, stack);
  return list(directory).flatMap((name) => {
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

function list(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith(".json"));
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
