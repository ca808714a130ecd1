import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** A process that cannot be mistaken for another one that got its id later. */
export interface ProcessRecord {
  pid: number;
  /** As {@link startToken} gives it. */
  start: string;
}

/**
 * When a process started, in the form that the Go package `process` writes into pid files. Undefined when there is no such
 * process, or only a zombie that its parent has not waited for yet (in a container this often never happens).
 */
export function startToken(pid: number): string | undefined {
  return process.platform === "linux" ? startFromProc(pid) : startFromPs(pid);
}

/** A field of a process in /proc, as proc(5) numbers them. */
function statFields(pid: number): (number: number) => string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name in the second field may contain blanks and brackets, so fields are counted from the last bracket.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (number) => fields[number - 3];
}

/** Whether it leads a process group, as a process that was started detached does. */
export function leadsGroup(pid: number): boolean {
  if (process.platform !== "linux") return Number(ps("-o", "pgid=", "-p", String(pid))) === pid;
  try {
    return Number(statFields(pid)(5)) === pid;
  } catch {
    return false;
  }
}

function startFromProc(pid: number): string | undefined {
  try {
    const field = statFields(pid);
    // When the first thread ends while others run, it is a zombie too, but the process still has its ports and files.
    const ended = "ZX".includes(field(3) ?? "Z") && Number(field(20)) <= 1;
    return ended ? undefined : field(22);
  } catch {
    return undefined;
  }
}

function startFromPs(pid: number): string | undefined {
  const [, state, start] = /^(\S+)\s+(.*)$/.exec(ps("-o", "stat=,lstart=", "-p", String(pid)).trim()) ?? [];
  return state?.startsWith("Z") ? undefined : start || undefined;
}

/** Linux reports start times in this many ticks per second on every architecture that Node runs on. */
const ticksPerSecond = 100;

/** When a process started, as a time; undefined when there is no process with this id. */
export function startTime(pid: number): Date | undefined {
  const token = startToken(pid);
  if (token === undefined || process.platform !== "linux") return token === undefined ? undefined : new Date(token);
  const boot = /^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"));
  return new Date((Number(boot?.[1]) + Number(token) / ticksPerSecond) * 1000);
}

/** The process that runs this. */
export function thisProcess(): ProcessRecord {
  return { pid: process.pid, start: startToken(process.pid) ?? "" };
}

/** Whether this very process still runs. The id alone may belong to another process by now. */
export function isAlive(record: ProcessRecord | undefined): boolean {
  const start = record && startToken(record.pid);
  return start !== undefined && start === record?.start;
}

/** Sends a signal to a process, or with a negative id to its group. A process that is gone already is not an error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** A running process, as far as this user may look into it. */
export interface RunningProcess {
  pid: number;
  /** Words of its command line. Where the system gives both as one text, the words of its environment follow. */
  command: readonly string[];
  /** `NAME=value` */
  environment: readonly string[];
}

/** The processes of this machine that this user may look into. */
export function runningProcesses(): RunningProcess[] {
  if (process.platform === "linux") return processIds().flatMap(processFromProc);
  return ps("-axwwE", "-o", "pid=,command=")
    .split("\n")
    .map((line) => {
      const [pid, ...words] = line.trim().split(/\s+/);
      return { pid: Number(pid), command: words, environment: words };
    });
}

/** The ids of all processes. Needs /proc. */
export function processIds(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function processFromProc(pid: number): RunningProcess[] {
  const words = (name: string) => readFileSync(`/proc/${pid}/${name}`, "utf8").split("\0");
  try {
    return [{ pid, command: words("cmdline"), environment: words("environ") }];
  } catch {
    // It belongs to another user, or has ended meanwhile.
    return [];
  }
}

function ps(...args: string[]): string {
  try {
    const env = { ...process.env, LC_ALL: "C" };
    return execFileSync("ps", args, {
      encoding: "utf8",
      env,
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 64 << 20,
    });
  } catch {
    return "";
  }
}
