import { nearestName } from "../model/names";
import { commonOptions, type Command, type Input, type Option } from "./command";
import { oneOf, usageError } from "./terminal/fail";

/**
 * Reads the words after the verb. Options may stand anywhere, as `--name value` or `--name=value`; `--` ends them.
 * Every fault is an error that names the nearest thing that exists.
 */
export function parseArguments(verb: string, command: Command, words: readonly string[]): Input {
  const options: Record<string, Option> = { ...command.options, ...commonOptions };
  const given = new Map<string, string[]>();
  const operands: string[] = [];

  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === "--") {
      operands.push(...words.slice(at + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      operands.push(word);
      continue;
    }
    const { name, inline } = split(word);
    const option = Object.hasOwn(options, name) ? options[name]! : unknownOption(verb, word, Object.keys(options));
    if (option.value === undefined) {
      if (inline !== undefined) throw usageError(`--${name} takes no value, found "${inline}"; write --${name} alone`);
      given.set(name, ["true"]);
      continue;
    }
    const value = inline ?? words[++at];
    if (value === undefined || value === "" || (inline === undefined && value.startsWith("--"))) {
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

function split(word: string): { name: string; inline?: string } {
  if (word === "-h") return { name: "help" };
  const equals = word.indexOf("=");
  const name = (equals < 0 ? word : word.slice(0, equals)).replace(/^--?/, "");
  return equals < 0 ? { name } : { name, inline: word.slice(equals + 1) };
}

function unknownOption(verb: string, word: string, names: readonly string[]): never {
  const typed = word.split("=", 1)[0]!;
  const near = nearestName(typed.replace(/^-+/, ""), names);
  const offer = near === undefined ? `run \`onebranch ${verb} --help\` for the list` : `did you mean --${near}?`;
  throw usageError(`onebranch ${verb} has no option ${typed}; ${offer}`);
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
