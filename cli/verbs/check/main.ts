import { UserError } from "../../../model/errors";
import { offerNames } from "../../../model/names";
import { ruleTexts, successorsOf } from "../../../model/rules";
import { todayOf } from "../../../model/exception";
import { readTree } from "../../../model/tree";
import type { Context } from "../../command";
import { usageError } from "../../terminal/fail";
import { formatTable } from "../../terminal/table";
import { Checkout } from "../../tree/checkout";
import type { Renderer } from "../../tree/renderer";
import { Evaluation } from "./evaluation";
import { CheckInput } from "./input";
import { isMissing, type Missing } from "./missing";
import { loadKubernetes } from "./kubernetes/load";
import { toJson } from "./report/json";
import { toSarif } from "./report/sarif";
import { toText } from "./report/text";
import type { Rule } from "./rule";
import { rules } from "./rules";
import { runCheck } from "./run";
import { SourceFiles } from "./source/files";
import { readVersions, type Versions } from "./source/git";

/** What `check` was asked to do. */
export interface CheckRequest {
  /** The commit to compare with; default: the merge base with the main branch. */
  base: string | undefined;
  /** Ids of the rules to evaluate; none: all. */
  rules: readonly string[];
  /** Only list the rules. */
  list: boolean;
  format: "text" | "json" | "sarif";
  /** Do not pull third-party charts. */
  offline: boolean;
  /** Directory with packed third-party charts. */
  charts: string | undefined;
  /** How many Applications one change may remove from a production cluster. */
  maxRemovals: number;
  maxObjectRemovals: number;
}

/** Checks the tree and prints the findings; returns 1 when one of them is an error. */
export async function checkTree(context: Context, request: CheckRequest): Promise<number> {
  const { io } = context;
  const chosen = chooseRules(request.rules);
  if (request.list) {
    io.out(listRules(chosen, request.format));
    return 0;
  }
  const root = context.root();
  const checkout = await Checkout.open(root).catch(userError);
  // The renderer starts while the tree is read.
  const opening = openRenderer(checkout, context, request, chosen);
  opening.catch(() => undefined);
  try {
    const { head, git, base } = await readVersions(root, checkout, request.base);
    const evaluation = await evaluate(await opening, git, chosen);
    const progress = (text: string) => io.err(`${text}\n`);
    const input = new CheckInput({
      files: new SourceFiles(head),
      tree: readTree(head),
      today: todayOf(),
      base: await base,
      evaluation,
      maxRemovals: request.maxRemovals,
      maxObjectRemovals: request.maxObjectRemovals,
      kubernetes: (version) => loadKubernetes(version, { env: io.env, offline: request.offline, progress }),
    });
    const result = await runCheck(input, chosen, rules);
    const formats = { text: toText, json: toJson, sarif: toSarif };
    io.out(formats[request.format](result, rules, root));
    return result.findings.some(({ severity }) => severity === "error") ? 1 : 0;
  } finally {
    const renderer = await opening;
    if (!isMissing(renderer)) renderer.close();
  }
}

/** The renderer when a rule needs it; otherwise why it is missing. */
async function openRenderer(
  checkout: Checkout | UserError,
  { io }: Context,
  { offline, charts }: CheckRequest,
  chosen: readonly Rule[],
): Promise<Renderer | Missing> {
  const asks = ({ needs, also }: Rule) => [needs, also].some((need) => need !== undefined && need !== "base");
  if (!chosen.some(asks)) return { missing: "no rule asks", fix: "none" };
  if (checkout instanceof UserError) return whyMissing(checkout);
  const { Renderer } = require("../../tree/renderer") as typeof import("../../tree/renderer");
  const progress = (text: string) => io.err(`${text}\n`);
  try {
    return await Renderer.open({ root: checkout, env: io.env, progress, offline, ...(charts ? { charts } : {}) });
  } catch (error) {
    return whyMissing(error);
  }
}

/** Gives the tree to the renderer, which begins with what the rules will ask for. */
async function evaluate(
  renderer: Renderer | Missing,
  git: Versions["git"],
  chosen: readonly Rule[],
): Promise<Evaluation | Missing> {
  if (isMissing(renderer)) return renderer;
  if (isMissing(git)) return { ...git, fix: withoutRenderer };
  try {
    const evaluation = await Evaluation.open(renderer, git.head, git.base);
    const begun = chosen.some(({ needs }) => needs === "manifests")
      ? evaluation.manifests()
      : evaluation.applications();
    // A rule that asks for it learns why it failed.
    begun.catch(() => undefined);
    return evaluation;
  } catch (error) {
    return whyMissing(error);
  }
}

const withoutRenderer = "only the rules that need no renderer were evaluated";

function whyMissing(error: unknown): Missing {
  return { missing: userError(error).message, fix: withoutRenderer };
}

function userError(error: unknown): UserError {
  if (error instanceof UserError) return error;
  throw error;
}

function chooseRules(ids: readonly string[]): readonly Rule[] {
  if (ids.length === 0) return rules;
  const known = rules.map(({ id }) => id);
  const wanted = ids.flatMap((id) => {
    const found = [id, ...successorsOf(id)].filter((one) => (known as string[]).includes(one));
    if (found.length === 0) throw usageError(`there is no rule "${id}"; ${offerNames(id, known)}`);
    return found;
  });
  return rules.filter(({ id }) => wanted.includes(id));
}

function listRules(chosen: readonly Rule[], format: CheckRequest["format"]): string {
  const texts = chosen.map(({ id }) => {
    const { severity, title, why, fix } = ruleTexts[id];
    return { id, severity, title, why, fix };
  });
  if (format === "json") return `${JSON.stringify(texts, undefined, 2)}\n`;
  return formatTable(
    ["RULE", "SEVERITY", "FINDS"],
    texts.map(({ id, severity, title }) => [id, severity, title]),
  );
}
