import { compareText } from "../../../model/findings";
import { dangerIds, successorsOf, type DangerId } from "../../../model/rules";
import { offerNames } from "../../../model/names";
import type { CheckFinding, Rule } from "./rule";
import type { SourceFiles } from "./source/files";

/** One comment `onebranch-ignore rule: reason`. */
interface Ignore {
  file: string;
  /** Line of the comment. */
  line: number;
  /** True when the comment has a line of its own, and excuses the next one. */
  alone: boolean;
  rule: string;
  /** The rules that it excuses; several when they replaced the rule that is named. */
  excuses: readonly string[];
  reason: string;
  used: boolean;
}

const marker = "onebranch-ignore";
const comment = /#\s*onebranch-ignore\b(.*)$/;

/**
 * Removes the findings that a comment on their line, or on the line above, excuses with a reason; adds what is wrong
 * with the comments themselves.
 * @param evaluated the rules that were evaluated: comments for other rules are not judged
 * @param rules all rules
 */
export function applyIgnores(
  findings: readonly CheckFinding[],
  files: SourceFiles,
  evaluated: ReadonlySet<string>,
  rules: readonly Rule[],
): CheckFinding[] {
  const ignores = new Map<string, Ignore[]>();
  for (const path of files.paths) {
    const found = isCommented(path) ? readIgnores(path, files.text(path)) : [];
    if (found.length > 0) ignores.set(path, found);
  }
  const all = [...ignores.values()].flat();
  const faults = all.flatMap((ignore) => faultOf(ignore, rules) ?? []);
  const sound = all.filter((ignore) => faultOf(ignore, rules) === undefined);
  const left = findings.filter((finding) => {
    const excuse = sound.find((ignore) => excuses(ignore, finding));
    if (excuse) excuse.used = true;
    return !excuse;
  });
  const unused = sound
    .filter((ignore) => !ignore.used && ignore.excuses.every((rule) => evaluated.has(rule)))
    .map((ignore): CheckFinding => {
      const where = ignore.alone ? "this line and the next" : "this line";
      const message = `"${marker} ${ignore.rule}" excuses nothing on ${where}`;
      return { rule: "unused-ignore", severity: "warning", ...at(ignore), message, fix: "remove the comment" };
    });
  const renamed = sound.flatMap((ignore) => renamedIn(ignore) ?? []);
  return [...left, ...faults, ...renamed, ...(evaluated.has("unused-ignore") ? unused : [])].filter(
    ({ rule }) => rule !== "bad-ignore" || evaluated.has(rule),
  );
}

function isCommented(path: string): boolean {
  return /\.(ya?ml|tpl)$/.test(path);
}

function readIgnores(file: string, text: string): Ignore[] {
  if (!text.includes(marker)) return [];
  return text.split("\n").flatMap((line, index) => {
    const found = comment.exec(line);
    if (!found) return [];
    const [, rule = "", reason = ""] = /^\s*([^\s:]*)\s*:?(.*)$/.exec(found[1]!) ?? [];
    // A template comment ends on the same line.
    const words = reason.replace(/\*\/\s*-?\}\}\s*$/, "").trim();
    const alone = /^(\{\{-?\s*\/\*)?\s*$/.test(line.slice(0, found.index).trim());
    const successors = successorsOf(rule);
    const excuses = successors.length > 0 ? successors : [rule];
    return [{ file, line: index + 1, alone, rule, excuses, reason: words, used: false }];
  });
}

function excuses(ignore: Ignore, finding: CheckFinding): boolean {
  if (ignore.file !== finding.file || !ignore.excuses.includes(finding.rule)) return false;
  return ignore.line === finding.line || (ignore.alone && ignore.line + 1 === finding.line);
}

function faultOf(ignore: Ignore, rules: readonly Rule[]): CheckFinding | undefined {
  const say = (message: string, fix: string): CheckFinding => ({
    ...{ rule: "bad-ignore", severity: "error", ...at(ignore), message, fix },
  });
  const excusable = rules.filter(({ check }) => check !== undefined).map(({ id }) => id);
  const form = `write # ${marker} <rule>: <reason>`;
  if (ignore.rule === "") return say("this comment names no rule", form);
  const known = rules.some(({ id }) => ignore.excuses.includes(id));
  if (!known && dangerIds.includes(ignore.rule as DangerId)) {
    return say(`no comment excuses "${ignore.rule}", which only a plan reports`, "remove the comment");
  }
  if (!known) {
    const offer = offerNames(ignore.rule, excusable.sort(compareText)).replace(/ \(allowed: .*\)$/, "");
    const fix = offer.startsWith("use one of") ? "run `onebranch check --list-rules` for the ids" : offer;
    return say(`there is no rule "${ignore.rule}"`, fix);
  }
  if (!excusable.some((id) => ignore.excuses.includes(id))) {
    return say(`no comment excuses "${ignore.rule}"`, "mend what it finds, and remove the comment");
  }
  if (ignore.reason === "") return say(`this exception from "${ignore.rule}" gives no reason`, form);
  return undefined;
}

/** A comment that uses a former id of a rule: it still works, and a finding says what to write. */
function renamedIn(ignore: Ignore): CheckFinding | undefined {
  if (ignore.excuses.includes(ignore.rule)) return undefined;
  const names = ignore.excuses.map((id) => `"${id}"`).join(" and ");
  const message = `"${ignore.rule}" is called ${names} now`;
  return { rule: "bad-ignore", severity: "warning", ...at(ignore), message, fix: "write the id of what it excuses" };
}

function at({ file, line }: Ignore): { file: string; line: number } {
  return { file, line };
}
