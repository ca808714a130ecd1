import { run, type RunOptions } from "../../machine/run";

/** What a finished command printed. */
export interface CommandOutput {
  stdout: string;
  stderr: string;
  code: number;
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
 * Runs a command in a process group of its own: a Ctrl-C of the terminal must reach Pulumi once, through `interrupt`,
 * because it takes a second interrupt as the order to drop what it is doing.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<CommandOutput> {
  const { code, signal, stdout, stderr, missing } = await run(command, args, { ...options, group: true });
  if (missing) throw new Error(`${command} is not installed (ENOENT)`);
  const output = { stdout, stderr, code: code ?? (signal === "SIGINT" ? 130 : 1) };
  if (output.code !== 0) throw new CommandFailed(args, output);
  return output;
}
