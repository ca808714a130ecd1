import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { getPriority, setPriority } from "node:os";
import { sendSignal } from "./processes";

/** How a command ended. */
export interface RunResult {
  /** Null when a signal ended it, or the command was not found. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** The signal that ended it. */
  signal?: NodeJS.Signals;
  /** The command is not on PATH. */
  missing?: boolean;
  /** It was ended because it printed nothing for `silenceSeconds`. */
  silent?: boolean;
}

/** How a command is run. */
export interface RunOptions {
  cwd?: string;
  /** Default: the environment of this process. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Text for its standard input, so that a secret is never on a command line. */
  input?: string;
  /** Called with what the command prints on standard output, as it is printed. */
  onOutput?: (text: string) => void;
  /** The same for standard error. */
  onErrors?: (text: string) => void;
  /**
   * Starts it in a process group of its own, which a Ctrl-C in the terminal does not reach: the caller has to end the command
   * with one of the signals below. Without a group, those signals reach the command alone.
   */
  group?: boolean;
  /** Asks the command, and nothing that it started, to stop as Ctrl-C does. */
  interrupt?: AbortSignal;
  /** Ends the command and everything it started: asks first, and kills what is left after five seconds. */
  signal?: AbortSignal;
  /** Ends the command and everything it started at once. */
  kill?: AbortSignal;
  /** Ends the command when it prints nothing for this many seconds. */
  silenceSeconds?: number;
  /** Lets everything else on the machine go first. */
  background?: boolean;
}

/** Runs a command; tests replace it by a fake. */
export type Run = (command: string, args: readonly string[], options: RunOptions) => Promise<RunResult>;

/** Characters of standard error that are kept. People and this program read errors from the end; a build prints far more. */
const keptOfErrors = 100_000;
const killAfterMilliseconds = 5_000;

/** Runs a command to its end and gives what it printed. Fails only when the command cannot be started at all. */
export const run: Run = async (command, args, options) => {
  const { stdout, ...result } = await runForBytes(command, args, options);
  return { ...result, stdout: stdout.toString() };
};

/** The same for a command whose output is not text. */
export function runForBytes(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<Omit<RunResult, "stdout"> & { stdout: Buffer }> {
  const { group = false, interrupt, signal, kill } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted || kill?.aborted) {
      resolve({ code: null, stdout: Buffer.alloc(0), stderr: "" });
      return;
    }
    const child = spawn(command, args, { cwd: options.cwd, env: options.env, detached: group, stdio: "pipe" });
    const stdout: Buffer[] = [];
    let stderr = "";
    let lastOutput = Date.now();
    let silent = false;
    let killTimer: NodeJS.Timeout | undefined;

    const send = (name: NodeJS.Signals) => {
      if (child.pid !== undefined) sendSignal(group ? -child.pid : child.pid, name);
    };
    const listeners: [AbortSignal | undefined, () => void][] = [
      [interrupt, () => child.kill("SIGINT")],
      [signal, end],
      [kill, () => send("SIGKILL")],
    ];
    function end(): void {
      send("SIGTERM");
      killTimer ??= setTimeout(() => send("SIGKILL"), killAfterMilliseconds);
    }
    const silence = (options.silenceSeconds ?? 0) * 1000;
    const silenceTimer =
      silence > 0
        ? setInterval(() => {
            if (Date.now() - lastOutput < silence) return;
            silent = true;
            end();
          }, silence / 10)
        : undefined;
    const finish = () => {
      clearInterval(silenceTimer);
      clearTimeout(killTimer);
      for (const [source, listener] of listeners) source?.removeEventListener("abort", listener);
    };
    for (const [source, listener] of listeners) source?.addEventListener("abort", listener, { once: true });

    child.stdout.on("data", (data: Buffer) => {
      lastOutput = Date.now();
      stdout.push(data);
      options.onOutput?.(data.toString());
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      lastOutput = Date.now();
      stderr = (stderr + text).slice(-keptOfErrors);
      options.onErrors?.(text);
    });
    // The command may end before it has read its input; its exit code says why.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
    child.on("error", (error: NodeJS.ErrnoException) => {
      finish();
      // ENOENT also means a missing working directory; only the command itself counts as missing.
      const missing = error.code === "ENOENT" && existsSync(options.cwd ?? ".");
      if (missing) resolve({ code: null, stdout: Buffer.concat(stdout), stderr, missing });
      else reject(error);
    });
    child.on("close", (code, ended) => {
      finish();
      resolve({ code, stdout: Buffer.concat(stdout), stderr, silent, ...(ended && { signal: ended }) });
    });
    if (options.background && child.pid !== undefined) lowerPriority(child.pid);
  });
}

/**
 * Starts a program that goes on by itself, also when this process has ended, and whose output nobody reads. Returns whether it
 * could be started.
 */
export function launch(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, detached: true, stdio: "ignore" });
    child.once("error", () => resolve(false));
    child.once("spawn", () => resolve(true));
    child.unref();
  });
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, Math.max(10, getPriority(pid)));
  } catch {
    // It has ended already, or this is not allowed here: the build only leaves less to other processes.
  }
}
