import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { isMapping } from "../../../model/mapping";
import { failure, unknownName } from "../../terminal/fail";
import type { Io } from "../../terminal/io";

/** The kubeconfig files of a person, as one. */
export interface Contexts {
  /** Where they are, for messages. */
  paths: string[];
  /** Whether the person has named the file, so that kubectl would not find it by itself. */
  named: boolean;
  names: string[];
  /** A kubeconfig with everything that they contain. */
  text: string;
}

type Entry = Record<string, unknown> & { name: string };
const lists = { contexts: "context", clusters: "cluster", users: "user" } as const;

/** Keys that name a file; in a kubeconfig they are relative to it. */
const fileKeys = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];

/**
 * The contexts that kubectl would see: of the file that is named, else of those in KUBECONFIG, else of ~/.kube/config. Of the same
 * name the first counts.
 * @throws UserError when a file is not a kubeconfig, or there is none
 */
export function readContexts({ env, cwd }: Pick<Io, "env" | "cwd">, named?: string): Contexts {
  const fromEnvironment = (env.KUBECONFIG ?? "").split(delimiter).filter((path) => path !== "");
  const usual = fromEnvironment.length > 0 ? fromEnvironment : [join(env.HOME ?? homedir(), ".kube", "config")];
  const paths = (named === undefined ? usual : [named]).map((path) => resolve(cwd, path));
  const present = paths.filter((path) => existsSync(path));
  if (present.length === 0) throw failure(`there is no kubeconfig at ${paths.join(" or ")}`);
  const merged: Record<keyof typeof lists, Entry[]> = { contexts: [], clusters: [], users: [] };
  for (const path of present) {
    for (const [list, entry] of entriesOf(path)) {
      if (!merged[list].some(({ name }) => name === entry.name)) merged[list].push(entry);
    }
  }
  const text = JSON.stringify({ apiVersion: "v1", kind: "Config", ...merged });
  return { paths: present, named: named !== undefined, names: merged.contexts.map(({ name }) => name), text };
}

function entriesOf(path: string): [keyof typeof lists, Entry][] {
  const document = parseDocument(readFileSync(path, "utf8"));
  const [error] = document.errors;
  const content: unknown = error === undefined ? document.toJS() : undefined;
  if (!isMapping(content)) {
    const why = error?.message.split("\n", 1)[0] ?? "it is not a mapping";
    throw failure(`${path} is not a kubeconfig (${why})`);
  }
  return (Object.keys(lists) as (keyof typeof lists)[]).flatMap((list) => {
    const found = content[list] ?? [];
    if (!Array.isArray(found)) throw failure(`${path} is not a kubeconfig (${list} is not a list)`);
    return found.map((entry: unknown): [typeof list, Entry] => {
      const fields = isMapping(entry) ? entry[lists[list]] : undefined;
      if (!isMapping(entry) || typeof entry.name !== "string" || !isMapping(fields)) {
        throw failure(`${path} is not a kubeconfig (an entry of ${list} has no name, or no ${lists[list]})`);
      }
      return [list, { name: entry.name, [lists[list]]: resolved(fields, dirname(path)) }];
    });
  });
}

/** The fields of an entry with whole paths. */
function resolved(fields: Record<string, unknown>, directory: string): Record<string, unknown> {
  const whole = { ...fields };
  for (const key of fileKeys) {
    const path = whole[key];
    if (typeof path === "string" && path !== "" && !isAbsolute(path)) whole[key] = join(directory, path);
  }
  const { exec } = whole;
  // A command without a slash is looked up on PATH.
  if (isMapping(exec) && typeof exec.command === "string" && exec.command.includes("/")) {
    whole.exec = { ...exec, command: resolve(directory, exec.command) };
  }
  return whole;
}

/**
 * The contexts that some patterns name, in the order of the file; `*` stands for any characters.
 * @throws UserError when a pattern matches nothing
 */
export function matchingContexts({ names, paths }: Contexts, patterns: readonly string[]): string[] {
  const wanted = patterns.map((pattern) => {
    const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const shape = new RegExp(`^${parts.join(".*")}$`, "s");
    const found = names.filter((name) => shape.test(name));
    if (found.length > 0) return found;
    throw unknownName("context", pattern, names, { where: ` in ${paths.join(", ")}`, none: "it has no context" });
  });
  return names.filter((name) => wanted.some((found) => found.includes(name)));
}
