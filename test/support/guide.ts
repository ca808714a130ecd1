import { execFile } from "node:child_process";
import { appendFileSync, chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { commands } from "../../cli/commands";
import { root } from "./root";

/** Verbs that need a cluster; test/e2e runs them. */
export const onClusters = [
  "up",
  "status",
  "preview",
  "destroy",
  "ui",
  "open",
  "kubeconfig",
  "drift",
  "sweep",
  "rollout",
];

/** A block of a guide: a command to run, what it prints, or a file to write. */
export type Block = { line: number } & (
  | { does: "run"; command: string }
  | { does: "print"; lines: string[] }
  | { does: "write"; path: string; content: string }
);

const fence = /^```(\w+)\n([\s\S]*?)^```/gm;
const pathComment = /^# ((?:gitops|\.github)\/\S+|CODEOWNERS|Pulumi\.\S+)\n/;

/**
 * What a reader of a guide does, in order: `sh` blocks are run, each command by itself; a `yaml` block that begins with a path as
 * its comment is a file; a `text` block is what the command before it prints, where `...` stands for what is left out.
 */
export function blocksOf(page: string): Block[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(fence)].flatMap((match): Block[] => {
    const [, language, body = ""] = match;
    const line = text.slice(0, match.index).split("\n").length;
    const path = pathComment.exec(body);
    if (language === "sh")
      return commandsOf(body).map(([command, offset]) => ({ line: line + offset, does: "run", command }));
    if (language === "yaml" && path) {
      return [{ line, does: "write", path: path[1]!, content: body.slice(path[0].length) }];
    }
    if (language !== "text") return [];
    const lines = body.split("\n").filter((each) => each.trim() !== "" && each.trim() !== "...");
    return [{ line, does: "print", lines }];
  });
}

/** A command ends with its line, unless that ends with a backslash. Each with the lines between it and the fence. */
function commandsOf(body: string): [command: string, offset: number][] {
  const found: [string, number][] = [];
  let open = false;
  body.split("\n").forEach((line, i) => {
    if (open) found.at(-1)![0] += `\n${line}`;
    else if (line.trim() !== "" && !line.startsWith("#")) found.push([line, i + 1]);
    open = line.endsWith("\\");
  });
  return found;
}

/**
 * Puts a `./onebranch` into a tree: this checkout's program, without a network. Where a verb needs a cluster, it reads the
 * arguments only.
 */
export function addLauncher(tree: string): void {
  const offline = Object.keys(commands).filter((verb) => commands[verb]!().options.offline);
  const script = `#!/bin/sh
case $1 in
  ${onClusters.join("|")}) exec "${process.execPath}" --require "${require.resolve("tsx/cjs")}" "${join(__dirname, "read-arguments.ts")}" "$@" ;;
  ${offline.join("|")}) exec "${join(root, "onebranch")}" "$@" --offline ;;
esac
exec "${join(root, "onebranch")}" "$@"
`;
  const path = join(tree, "onebranch");
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  appendFileSync(join(tree, ".git", "info", "exclude"), "/onebranch\n");
}

export interface Shown {
  code: number;
  output: string;
}

/** Runs a command of a guide as its reader does, and answers with all that it printed. */
export async function shell(command: string, cwd: string): Promise<Shown> {
  try {
    const { stdout, stderr } = await promisify(execFile)("sh", ["-c", command], { cwd, maxBuffer: 2 ** 26 });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: number; stdout: string; stderr: string };
    return { code: code ?? -1, output: stdout + stderr };
  }
}
