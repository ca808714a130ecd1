import { offerNames } from "../../model/names";
import { readTree } from "../../model/tree";
import type { Context } from "../command";
import { usageError } from "../fail";
import { formatTable } from "../table";
import { CheckInput } from "./input";
import { toJson } from "./report/json";
import { toSarif } from "./report/sarif";
import { toText } from "./report/text";
import type { Rule } from "./rule";
import { rules } from "./rules";
import { runCheck } from "./run";
import { readWorkingTree } from "./source/files";
import { readVersions } from "./source/git";

/** What `check` was asked to do. */
export interface CheckRequest {
  /** The commit to compare with; default: the merge base with the main branch. */
  base: string | undefined;
  /** Ids of the rules to evaluate; none: all. */
  rules: readonly string[];
  /** Only list the rules. */
  list: boolean;
  format: "text" | "json" | "sarif";
  offline: boolean;
  charts: string | undefined;
}

/** Checks the tree and prints what was found; returns 1 when there is an error among it. */
export async function checkTree(context: Context, request: CheckRequest): Promise<number> {
  const { io } = context;
  const chosen = chooseRules(request.rules);
  if (request.list) {
    io.out(listRules(chosen, request.format));
    return 0;
  }
  const root = context.root();
  const working = readWorkingTree(root);
  const { base, known } = await readVersions(root, request.base, working);
  const files = known ? working.only(known) : working;
  const none = { missing: "the renderer is not there", fix: "build it" };
  const today = new Date().toISOString().slice(0, 10);
  const input = new CheckInput({ files, tree: readTree(root), today, base, head: none, before: none });
  const result = await runCheck(input, chosen, rules);
  const formats = { text: toText, json: toJson, sarif: toSarif };
  io.out(formats[request.format](result, rules));
  return result.findings.some(({ severity }) => severity === "error") ? 1 : 0;
}

function chooseRules(ids: readonly string[]): readonly Rule[] {
  if (ids.length === 0) return rules;
  const known = rules.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown === undefined) return rules.filter(({ id }) => ids.includes(id));
  throw usageError(`there is no rule "${unknown}"; ${offerNames(unknown, known)}`);
}

function listRules(chosen: readonly Rule[], format: CheckRequest["format"]): string {
  const texts = chosen.map(({ id, severity, title, why, fix }) => ({ id, severity, title, why, fix }));
  if (format === "json") return `${JSON.stringify(texts, undefined, 2)}\n`;
  return formatTable(
    ["RULE", "SEVERITY", "FINDS"],
    texts.map(({ id, severity, title }) => [id, severity, title]),
  );
}
