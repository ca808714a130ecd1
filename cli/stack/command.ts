import { spawn } from "node:child_process";

/** What a finished command printed. */
export interface CommandOutput {
  stdout: string;
  stderr: string;
  code: number;
}

/** How a command is run. */
export interface CommandOptions {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Text for its standard input, so that a secret never stands on a command line. */
  input?: string;
  /** Sees what the command prints on standard output as it comes. */
  onOutput?: (text: string) => void;
  /** Asks the command to stop. */
  signal?: AbortSignal;
  /** Ends the command and everything it started at once. */
  kill?: AbortSignal;
}

/** Thrown when a command ends with another code than 0. */
export class CommandFailed extends Error {
  constructor(
    readonly args: readonly string[],
    readonly output: CommandOutput,
  ) {
    super(`pulumi ${args[0] ?? ""} ended with code ${output.code}: ${output.stderr.trim() || output.stdout.trim()}`);
    this.name = "CommandFailed";
  }
}

/**
 * Runs a command in a process group of its own: a Ctrl-C of the terminal must reach Pulumi once, through `signal`,
 * because it takes a second interrupt as the order to drop what it is doing.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandOutput> {
  const child = spawn(command, args, { cwd: options.cwd, env: options.env, detached: true, stdio: "pipe" });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (data: Buffer) => {
    stdout.push(data);
    options.onOutput?.(data.toString());
  });
  child.stderr.on("data", (data: Buffer) => stderr.push(data));
  // The child may be gone before it read its input.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");

  const interrupt = () => child.kill("SIGINT");
  const end = () => {
    try {
      process.kill(-child.pid!, "SIGKILL");
    } catch {
      // Already gone.
    }
  };
  options.signal?.addEventListener("abort", interrupt);
  options.kill?.addEventListener("abort", end);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (exit, signal) => resolve(exit ?? (signal === "SIGINT" ? 130 : 1)));
    });
    const output = { stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString(), code };
    if (code !== 0) throw new CommandFailed(args, output);
    return output;
  } finally {
    options.signal?.removeEventListener("abort", interrupt);
    options.kill?.removeEventListener("abort", end);
  }
}
