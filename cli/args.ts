import { parseArgs } from "node:util";
import { nearestName } from "../model/names";
import { commonOptions, type Command, type Input, type Option } from "./command";
import { oneOf, usageError } from "./terminal/fail";

/**
 * Reads the words after the verb. Options may be anywhere, as `--name value` or `--name=value`; `--` ends them.
 * Every fault is an error that names the nearest thing that exists.
 */
export function parseArguments(verb: string, command: Command, words: readonly string[]): Input {
  const options: Record<string, Option> = { ...command.options, ...commonOptions };
  const given = new Map<string, string[]>();
  const operands: string[] = [];

  for (const token of tokensOf(words, options)) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, value, index } = token;
    const option =
      Object.hasOwn(options, name) && (rawName.startsWith("--") || rawName === "-h") ? options[name]! : undefined;
    if (option === undefined) throw unknownOption(verb, words[index]!, Object.keys(options));
    if (option.value === undefined) {
      if (value !== undefined) throw usageError(`--${name} takes no value, found "${value}"; write --${name} alone`);
      given.set(name, ["true"]);
      continue;
    }
    if (value === undefined || value === "" || (!token.inlineValue && value.startsWith("--"))) {
      throw usageError(`--${name} needs a value; write --${name} ${option.value}`);
    }
    checkChoice(name, option, value);
    if (given.has(name) && option.many !== true) {
      throw usageError(`--${name} is given twice ("${given.get(name)![0]}" and "${value}"); keep one`);
    }
    given.set(name, [...(given.get(name) ?? []), value]);
  }

  if (!given.has("help")) checkOperands(verb, command, operands);
  return {
    operands,
    flag: (name) => given.has(name),
    text: (name) => given.get(name)?.[0],
    all: (name) => given.get(name) ?? [],
  };
}

/** Node's own reading; its errors would not name what is near, so it is not strict. */
function tokensOf(words: readonly string[], options: Record<string, Option>) {
  const types = Object.entries(options).map(([name, { value }]) => [
    name,
    { type: value === undefined ? ("boolean" as const) : ("string" as const), ...(name === "help" && { short: "h" }) },
  ]);
  return parseArgs({ args: [...words], options: Object.fromEntries(types), strict: false, tokens: true }).tokens;
}

function unknownOption(verb: string, word: string, names: readonly string[]): Error {
  const typed = word.split("=", 1)[0]!;
  const near = nearestName(typed.replace(/^-+/, ""), names);
  const offer = near === undefined ? `run \`onebranch ${verb} --help\` for the list` : `did you mean --${near}?`;
  return usageError(`onebranch ${verb} has no option ${typed}; ${offer}`);
}

function checkChoice(name: string, option: Option, value: string): void {
  if (option.choices === undefined || option.choices.includes(value)) return;
  const near = nearestName(value, option.choices);
  const offer = near === undefined ? "" : `; did you mean ${near}?`;
  throw usageError(`--${name} must be ${oneOf(option.choices)}, found "${value}"${offer}`);
}

function checkOperands(verb: string, { operands: { min, max }, usage }: Command, found: readonly string[]): void {
  if (found.length < min) throw usageError(`onebranch ${verb} needs more: onebranch ${usage}`);
  if (found.length > max) {
    throw usageError(`onebranch ${verb} takes no "${found[max]}": onebranch ${usage}`);
  }
}
