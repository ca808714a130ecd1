import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Directory } from "../../../model/directory";
import { TreeFiles } from "../../../model/files";
import { isDnsLabel } from "../../../model/names";
import { readTeams } from "../../../model/teams";
import { homeOf } from "../../stack/paths";
import { knownStacks } from "../../stack/record";
import { commonOptions, type Command, type Commands, type Option } from "../../command";
import { ringsOf } from "../../tree/rings";
import { keyNames } from "./keys";

/** What a word of a command line can name. */
export type Kind =
  "stack" | "cluster" | "component" | "stage" | "ring" | "region" | "team" | "verb" | "file" | "shell" | "new" | "key";

/** What the operands of each verb name, in order; the last entry applies to all that follow. */
const operands: Readonly<Record<string, readonly Kind[]>> = {
  up: ["stack"],
  preview: ["stack"],
  destroy: ["stack"],
  status: ["stack"],
  ui: ["stack"],
  open: ["stack"],
  kubeconfig: ["stack"],
  explain: ["cluster", "component", "key"],
  render: ["cluster", "component"],
  compare: ["cluster", "cluster", "component"],
  promote: ["component"],
  rollout: ["component"],
  rollback: ["component"],
  pins: ["component"],
  new: ["new"],
  exceptions: ["cluster"],
  completion: ["shell"],
  help: ["verb"],
};

/** Verbs whose last operand may be repeated. */
const repeated = new Set(["status", "ui", "pins", "exceptions", "promote"]);

/** What the values of options name, whatever the verb. */
const optionKinds: Readonly<Record<string, Kind>> = {
  ...{ to: "stage", from: "stage", stage: "stage", after: "stage", cluster: "cluster", component: "component" },
  ...{
    ring: "ring",
    region: "region",
    team: "team",
    tree: "file",
    charts: "file",
    "output-dir": "file",
    html: "file",
    "why-not": "key",
  },
};

/** Options whose values name something else in one verb. */
const ownOptionKinds: Readonly<Record<string, Kind>> = { "up from": "cluster", "preview from": "cluster" };

export interface Line {
  /** The words after `onebranch`; the last one is being typed and may be empty. */
  words: readonly string[];
  cwd: string;
  commands: Commands;
}

/** The possible completions of the last word of a command line, sorted; undefined where the shell completes file names. */
export function candidates({ words, cwd, commands }: Line): string[] | undefined {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const root = treeAbove(cwd, before);
  const match = (names: readonly string[] | undefined) => names?.filter((name) => name.startsWith(typed)).sort();
  const [verb] = before;
  if (verb === undefined) return match([...Object.keys(commands), "help", "--help", "--version"]);
  if (verb === "help") return match(Object.keys(commands));
  if (!Object.hasOwn(commands, verb)) return [];
  const { options: own, optionsOf = {} } = commands[verb]!();
  const options: Readonly<Record<string, Option>> = { ...own, ...commonOptions };
  const given = operandsOf(before.slice(1), options);
  const place: Place = { root, given, typed: typed.replace(/^--[^=]+=/, "") };

  const inline = /^--([^=]+)=(.*)$/.exec(typed);
  if (inline) {
    const [, name = "", value = ""] = inline;
    return valuesOf(place, verb, name, options[name])
      ?.filter((found) => found.startsWith(value))
      .map((found) => `--${name}=${found}`)
      .sort();
  }
  const previous = /^--([^=]+)$/.exec(before.at(-1) ?? "")?.[1];
  if (previous !== undefined && options[previous]?.value !== undefined)
    return match(valuesOf(place, verb, previous, options[previous]));
  if (typed.startsWith("-")) return match(optionNames(before, options, optionsOf));
  return match(operandNames(verb, place, commands));
}

function optionNames(
  before: readonly string[],
  options: Readonly<Record<string, Option>>,
  optionsOf: NonNullable<Command["optionsOf"]>,
): string[] {
  const given = new Set(before.map((word) => word.split("=", 1)[0]!.slice(2)));
  const about = before[1] ?? "";
  const taken = Object.hasOwn(optionsOf, about) ? optionsOf[about] : undefined;
  const others = Object.values(optionsOf)
    .flat()
    .filter((name) => taken?.includes(name) === false);
  return Object.entries(options)
    .filter(([name, { many }]) => (many === true || !given.has(name)) && !others.includes(name))
    .map(([name]) => `--${name}`);
}

/** The position of a word. */
interface Place {
  root: string | undefined;
  /** Operands before it. */
  given: readonly string[];
  /** The part of it that is typed already. */
  typed: string;
}

function valuesOf(place: Place, verb: string, name: string, option: Option | undefined): string[] | undefined {
  if (option?.choices !== undefined) return [...option.choices];
  const kind = ownOptionKinds[`${verb} ${name}`] ?? optionKinds[name];
  return kind === undefined ? [] : namesOf(kind, place, {});
}

function operandsOf(words: readonly string[], options: Readonly<Record<string, Option>>): string[] {
  return words.filter((word, index) => {
    if (word.startsWith("-")) return false;
    const option = /^--([^=]+)$/.exec(words[index - 1] ?? "")?.[1];
    return option === undefined || options[option]?.value === undefined;
  });
}

function operandNames(verb: string, place: Place, commands: Commands): string[] | undefined {
  const kinds = operands[verb] ?? [];
  const { given } = place;
  if (verb === "promote" && given.length > 0 && given[0] !== "status") return [];
  const kind = kinds[given.length] ?? (repeated.has(verb) ? kinds.at(-1) : undefined);
  if (kind === undefined) return [];
  const more = verb === "promote" && given.length === 0 ? ["status"] : [];
  return namesOf(kind, place, commands)
    ?.concat(more)
    .filter((name) => !given.includes(name));
}

function namesOf(kind: Kind, { root, given, typed }: Place, commands: Commands): string[] | undefined {
  switch (kind) {
    case "file":
      return undefined;
    case "key":
      return typed.includes("/") ? undefined : keyNames(root, given[0] ?? "", given[1] ?? "");
    case "verb":
      return Object.keys(commands);
    case "shell":
      return ["bash", "zsh", "fish"];
    case "new":
      return Object.keys(commands.new?.().optionsOf ?? {});
    case "stack":
      return [...new Set([...directory(root, "clusters"), ...stacksHere(root)])];
    case "cluster":
      return directory(root, "clusters");
    case "component":
      return [...new Set([...directory(root, "addons"), ...directory(root, "apps")])];
    case "ring":
      return root === undefined ? [] : ringNames(root);
    case "team":
      return root === undefined ? [] : teamNames(root);
    case "stage":
    case "region":
      return directory(root, `${kind}s`).flatMap((name) => /^(.+)\.yaml$/.exec(name)?.[1] ?? []);
  }
}

/** Names of the stacks of this checkout, also of those that have no cluster in the tree. */
function stacksHere(root: string | undefined): string[] {
  return root === undefined ? [] : knownStacks(homeOf(root)).filter(isDnsLabel);
}

/** The teams, also of a tree without clusters or with faults. */
function teamNames(root: string): string[] {
  const tree = new Directory(root);
  return readTeams(tree, new TreeFiles(tree), []).names.filter(isDnsLabel);
}

/** The rings of all stages. */
function ringNames(root: string): string[] {
  const tree = new Directory(root);
  const stages = directory(root, "stages").map((name) => name.replace(/\.yaml$/, ""));
  return [...new Set(stages.flatMap((stage) => ringsOf(tree, stage)))].filter(isDnsLabel);
}

/** Names of the tree that are safe in a command line; special characters would have an effect in a shell. */
function directory(root: string | undefined, name: string): string[] {
  if (root === undefined) return [];
  try {
    return readdirSync(join(root, "gitops", name)).filter((entry) => isDnsLabel(entry.replace(/\.yaml$/, "")));
  } catch {
    return [];
  }
}

/** The checkout that the command line refers to; without one there are no completions. */
function treeAbove(cwd: string, words: readonly string[]): string | undefined {
  const at = words.indexOf("--tree");
  const inline = words.find((word) => word.startsWith("--tree="))?.slice("--tree=".length);
  const named = inline ?? (at < 0 ? undefined : words[at + 1]);
  if (named !== undefined) return resolve(cwd, named);
  for (let found = resolve(cwd); ; found = dirname(found)) {
    if (existsSync(join(found, "gitops", "clusters"))) return found;
    if (found === dirname(found)) return undefined;
  }
}
