import { spawn } from "node:child_process";
import { setPriority } from "node:os";

/** How a command ended. `code` is null when it was killed or could not be found. */
export interface RunResult {
  code: number | null;
  stdout: string;
  stderr: string;
  /** the command is not on PATH */
  missing?: boolean;
  /** it was killed because it printed nothing for `silenceSeconds` */
  silent?: boolean;
}

export interface RunOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  /** kill the command when it prints nothing for so long */
  silenceSeconds?: number;
  /** let everything else on the machine go first */
  background?: boolean;
}

/** Every process of the toolchain is started through this type, so that a test can put a fake in its place. */
export type Run = (command: string, args: string[], options: RunOptions) => Promise<RunResult>;

/** A build prints little; a hundred thousand characters hold every error that a person will read. */
const kept = 100_000;
const killAfterMilliseconds = 5_000;

export const run: Run = (command, args, options) =>
  new Promise((resolve, reject) => {
    if (options.signal?.aborted) {
      resolve({ code: null, stdout: "", stderr: "" });
      return;
    }
    // A group of its own: `go` starts compilers, and a kill has to reach all of them.
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    let silent = false;
    let lastOutput = Date.now();
    let killTimer: NodeJS.Timeout | undefined;

    const kill = () => {
      killGroup(child.pid, "SIGTERM");
      killTimer ??= setTimeout(() => killGroup(child.pid, "SIGKILL"), killAfterMilliseconds);
    };
    const silenceMilliseconds = (options.silenceSeconds ?? 0) * 1000;
    const silenceTimer =
      silenceMilliseconds > 0
        ? setInterval(() => {
            if (Date.now() - lastOutput < silenceMilliseconds) return;
            silent = true;
            kill();
          }, silenceMilliseconds / 10)
        : undefined;
    const finish = () => {
      clearInterval(silenceTimer);
      clearTimeout(killTimer);
      options.signal?.removeEventListener("abort", kill);
    };

    options.signal?.addEventListener("abort", kill, { once: true });
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      lastOutput = Date.now();
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      lastOutput = Date.now();
      stderr = (stderr + text).slice(-kept);
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      finish();
      // ENOENT also means a missing working directory; only the command itself counts as missing.
      if (error.code === "ENOENT") resolve({ code: null, stdout, stderr, missing: true });
      else reject(error);
    });
    child.on("close", (code) => {
      finish();
      resolve({ code, stdout, stderr, silent });
    });
    if (options.background && child.pid !== undefined) lowerPriority(child.pid);
  });

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, 10);
  } catch {
    // Gone already, or not allowed here: the build is only less polite.
  }
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended by itself.
  }
}
