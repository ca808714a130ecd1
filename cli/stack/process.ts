import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Linux reports start times in this many ticks per second on every architecture that Node runs on. */
const ticksPerSecond = 100;

/** When a process started; undefined when there is none with this id. */
export function processStart(pid: number): Date | undefined {
  return process.platform === "linux" ? linuxStart(pid) : psStart(pid);
}

function linuxStart(pid: number): Date | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command name stands in parentheses and may hold spaces: fields are counted after the last one.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z") return undefined;
    const boot = /^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"));
    return new Date((Number(boot?.[1]) + Number(fields[19]) / ticksPerSecond) * 1000);
  } catch {
    return undefined;
  }
}

function psStart(pid: number): Date | undefined {
  try {
    const text = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", stdio: "pipe" });
    return new Date(text.trim());
  } catch {
    return undefined;
  }
}
