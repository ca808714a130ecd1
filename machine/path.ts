import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The directories that PATH names, in its order. */
export function searchPath({ PATH = "" }: Readonly<Record<string, string | undefined>>): string[] {
  return PATH.split(delimiter).filter((directory) => directory !== "");
}

/** The first of the directories that has a file of that name; undefined when none has. */
export function directoryWith(program: string, directories: readonly string[]): string | undefined {
  return directories.find((directory) => existsSync(join(directory, program)));
}
