import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";

/** One run of a command, as somebody who waits for it sees it. */
export interface Run {
  seconds: number;
  stdout: string;
  /** Largest resident memory of the process and all below it together, in MiB; only where it was asked for and /proc tells. */
  peak?: number;
}

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Watches the memory, which takes a little of the processor: such a run is not one to time. */
  memory?: boolean;
}

/** Commands that run; none of them outlives the bench. */
const running = new Set<ChildProcess>();
process.on("exit", () => running.forEach((child) => child.kill()));

const pageBytes = 4096;
const watchEvery = 5;

/**
 * Runs a command to its end, from before its start until its output is closed.
 * @throws Error with what it said when it fails: a failed run is not a measurement
 */
export function run([program, ...args]: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { cwd, env, memory = false } = options;
  const started = performance.now();
  const child = spawn(program!, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  const out: Buffer[] = [];
  const said: Buffer[] = [];
  child.stdout.on("data", (data: Buffer) => out.push(data));
  child.stderr.on("data", (data: Buffer) => said.push(data));
  let peak = 0;
  const watch = memory ? setInterval(() => (peak = Math.max(peak, residentBytes(child.pid!))), watchEvery) : undefined;
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      running.delete(child);
      const seconds = (performance.now() - started) / 1000;
      clearInterval(watch);
      if (code === 0) {
        const measured = peak > 0 ? { peak: peak / 2 ** 20 } : {};
        resolve({ seconds, stdout: Buffer.concat(out).toString(), ...measured });
        return;
      }
      const words = Buffer.concat([...said, ...out])
        .toString()
        .trim()
        .slice(0, 2000);
      reject(new Error(`${[program, ...args].join(" ")} ended with ${signal ?? `code ${code}`}:\n${words}`));
    });
  });
}

/** Resident bytes of a process and all below it; 0 where /proc does not tell, or when it is gone. */
function residentBytes(pid: number): number {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    const below = children === "" ? [] : children.split(" ").map(Number);
    return below.reduce((sum, child) => sum + residentBytes(child), pages * pageBytes);
  } catch {
    return 0;
  }
}

/** Seconds that something takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
