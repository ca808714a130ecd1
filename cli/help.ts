import { commonOptions, type Command, type Option } from "./command";

/** What `onebranch --help` prints. */
export function globalHelp(verbs: readonly { name: string; command: Command }[]): string {
  const width = Math.max(...verbs.map(({ name }) => name.length));
  return [
    "onebranch: one branch drives every cluster",
    "",
    "Usage: onebranch <verb> [options]",
    "",
    "Verbs:",
    ...verbs.map(({ name, command }) => `  ${name.padEnd(width)}  ${command.summary}`),
    "",
    "Options:",
    ...columns([...optionRows(commonOptions), ["--version", "print the version"]]),
    "",
    "Examples:",
    ...verbs.flatMap(({ command }) => exampleLines(command.examples.slice(0, 1))),
    "",
    "`onebranch <verb> --help` explains one verb.",
    "Exit codes: 0 done, 1 findings or failed, 2 wrong usage or broken input.",
    "",
  ].join("\n");
}

/** What `onebranch <verb> --help` prints. */
export function verbHelp(command: Command): string {
  return [
    command.summary,
    "",
    `Usage: onebranch ${command.usage}`,
    "",
    "Options:",
    ...columns([...optionRows(command.options), ...optionRows(commonOptions)]),
    "",
    "Examples:",
    ...exampleLines(command.examples),
    "",
  ].join("\n");
}

function optionRows(options: Readonly<Record<string, Option>>): [string, string][] {
  return Object.entries(options).map(([name, { value, many, choices, summary }]) => [
    `--${name}${value === undefined ? "" : ` ${value}`}${many === true ? " ..." : ""}`,
    choices === undefined ? summary : `${summary}: ${choices.join(", ")}`,
  ]);
}

function columns(rows: readonly [string, string][]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

function exampleLines(examples: Command["examples"]): string[] {
  return examples.map(({ line, why }) => `  ${line}\n      ${why}`);
}
