import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/**
 * When a process started, in the form the Go package `process` writes into pid files; undefined when there is none, or
 * only a dead one that its parent has not looked after yet (in a container often nobody ever does).
 * A pid alone can belong to a stranger later on; a pid with its start cannot.
 */
export async function startToken(pid: number): Promise<string | undefined> {
  if (process.platform !== "linux") return startFromPs(pid);
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The name in the second field may hold blanks and brackets: count from the last bracket on.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // The first thread of a process ends as a zombie, too; while others run, the process still has its ports and files.
    const ended = "ZX".includes(fields[3 - 3] ?? "Z") && Number(fields[20 - 3]) <= 1;
    return ended ? undefined : fields[22 - 3];
  } catch {
    return undefined;
  }
}

async function startFromPs(pid: number): Promise<string | undefined> {
  try {
    const env = { ...process.env, LC_ALL: "C" };
    const { stdout } = await promisify(execFile)("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { env });
    const [, state, start] = /^(\S+)\s+(.*)$/.exec(stdout.trim()) ?? [];
    return state?.startsWith("Z") ? undefined : start || undefined;
  } catch {
    return undefined;
  }
}
