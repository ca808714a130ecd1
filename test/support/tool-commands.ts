import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root";

/** A command of a page's shell blocks, by the words that the shell hands over. */
export interface ShownCommand {
  page: string;
  line: number;
  words: string[];
}

/** Every page that people read, but for those that are generated. */
export const pages: readonly string[] = [
  "README.md",
  ...["docs", "docs/guides"].flatMap((directory) =>
    readdirSync(join(root, directory))
      .filter((file) => file.endsWith(".md"))
      .map((file) => `${directory}/${file}`),
  ),
];

const shellBlock = /^```(?:sh|console)\n([\s\S]*?)^```/gm;
/** A word: quoted parts and others, up to what ends a command. */
const word = /(?:"[^"]*"|'[^']*'|\$\([^)]*\)|[^\s"';&|<>#])+/y;

/** The commands of a page that begin with one of these programs. */
export function shownCommands(page: string, programs: RegExp): ShownCommand[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(shellBlock)].flatMap(({ index, 1: body = "" }) => {
    const first = text.slice(0, index).split("\n").length + 1;
    // A line that goes on keeps its place, so that the numbers of those after it are right.
    return body.split("\n").flatMap((_, at, all) => {
      if (at > 0 && all[at - 1]!.endsWith("\\")) return [];
      let end = at;
      while (all[end]!.endsWith("\\")) end++;
      const command = all
        .slice(at, end + 1)
        .join("\n")
        .replace(/\\\n/g, " ");
      return begins(command, programs).map((words) => ({ page, line: first + at, words }));
    });
  });
}

/** The commands in one line, also behind `do`, `&&` and the like. */
function begins(line: string, programs: RegExp): string[][] {
  const starts = [...line.matchAll(/(?:^|[;&|]|\bdo\b|\$ )\s*/g)].map(({ index, 0: before }) => index + before.length);
  return starts.map((start) => wordsAt(line, start)).filter(([program = ""]) => programs.test(program));
}

function wordsAt(line: string, start: number): string[] {
  const found: string[] = [];
  for (let at = start; ; at = word.lastIndex + (/^[ \t]*/.exec(line.slice(word.lastIndex))?.[0].length ?? 0)) {
    word.lastIndex = at;
    const match = word.exec(line);
    if (match === null) return found;
    found.push(match[0].replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));
  }
}
