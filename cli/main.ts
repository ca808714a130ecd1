import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { inSources } from "../machine/source-lines";
import { UserError } from "../model/errors";
import { nearestName } from "../model/names";
import { version } from "../package.json";
import { parseArguments } from "./args";
import type { Command } from "./command";
import { commands } from "./commands";
import { shown } from "./terminal/directional";
import { usageError } from "./terminal/fail";
import { globalHelp, verbHelp } from "./help";
import { processIo, type Io } from "./terminal/io";
import { realServices, type Services } from "./services";

/** Runs the tool for a real process; `argv` are the words after `onebranch`. Sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  process.exitCode = await run(argv, processIo());
}

/** Runs the tool and returns the exit code; nothing here touches the process, so that tests call it in process. */
export async function run(argv: readonly string[], given: Io, services: Services = realServices): Promise<number> {
  const io: Io = { ...given, out: (text) => given.out(shown(text)), err: (text) => given.err(shown(text)) };
  try {
    return await dispatch(argv, io, services);
  } catch (error) {
    io.err(`${describe(error, io)}\n`);
    return error instanceof UserError ? error.exitCode : 1;
  }
}

async function dispatch(argv: readonly string[], io: Io, services: Services): Promise<number> {
  const [verb, ...words] = argv;
  if (verb === "--version") {
    io.out(`onebranch ${version}\n`);
    return 0;
  }
  if (verb === "--help" || verb === "-h" || verb === "help") {
    const asked = words.find((word) => !word.startsWith("-"));
    io.out(asked === undefined ? globalHelp(allCommands()) : verbHelp(loadCommand(asked)));
    return 0;
  }
  if (verb === undefined) {
    io.err(globalHelp(allCommands()));
    return 2;
  }
  const command = loadCommand(verb);
  const input = parseArguments(verb, command, words);
  if (input.flag("help")) {
    io.out(verbHelp(command));
    return 0;
  }
  return command.run(input, { io, services, commands, root: () => checkoutRoot(io.cwd, input.text("tree")) });
}

function loadCommand(verb: string): Command {
  if (Object.hasOwn(commands, verb)) return commands[verb]!();
  const what = verb.startsWith("-") ? "option" : "verb";
  const near = nearestName(verb, [...Object.keys(commands), "--help", "--version"]);
  const offer = near === undefined ? "run `onebranch --help` for the list" : `did you mean ${near}?`;
  throw usageError(`onebranch has no ${what} ${verb}; ${offer}`);
}

function allCommands(): { name: string; command: Command }[] {
  return Object.entries(commands).map(([name, load]) => ({ name, command: load() }));
}

/** The nearest directory at or above `cwd` that holds a tree, or `tree` itself when it is given. */
function checkoutRoot(cwd: string, tree: string | undefined): string {
  const hasTree = (directory: string) => existsSync(join(directory, "gitops", "clusters"));
  if (tree !== undefined) {
    const directory = resolve(cwd, tree);
    if (hasTree(directory)) return directory;
    throw usageError(`--tree ${tree}: there is no gitops/clusters in it; give the root of a checkout`);
  }
  for (let directory = resolve(cwd); ; directory = resolve(directory, "..")) {
    if (hasTree(directory)) return directory;
    if (directory === resolve(directory, "..")) {
      throw usageError("there is no gitops/clusters here or above; run inside a checkout or give one with --tree DIR");
    }
  }
}

/** What the user reads: a sentence for an expected error, everything we know for an unexpected one. */
function describe(error: unknown, io: Io): string {
  if (error instanceof UserError) {
    // A name or a chart's output may contain control characters.
    const message = error.message.replace(/[^\P{Cc}\n\t]/gu, "\uFFFD");
    return io.env.ONEBRANCH_DEBUG ? `${message}\n${trace(error)}` : message;
  }
  return `onebranch failed unexpectedly; please report this:\n${trace(error)}`;
}

function trace(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = inSources(error.stack ?? error.message);
  return error.cause === undefined ? stack : `${stack}\ncaused by: ${trace(error.cause)}`;
}
