import { compareFindings, type Finding } from "../../model/findings";
import { applyIgnores } from "./ignores";
import { isMissing, type CheckInput, type Missing } from "./input";
import type { At, CheckFinding, Report, Rule } from "./rule";

/** What a check found, in printing order and without repetitions. */
export interface CheckResult {
  findings: CheckFinding[];
  /** Rules that were evaluated in full. */
  evaluated: string[];
}

/**
 * Evaluates rules over a tree.
 * @param rules the rules to evaluate
 * @param all every rule there is, so that comments that name others are understood
 */
export async function runCheck(input: CheckInput, rules: readonly Rule[], all = rules): Promise<CheckResult> {
  const wanted = new Map(rules.map((rule) => [rule.id, rule]));
  const evaluated = new Set(wanted.keys());
  const findings: CheckFinding[] = faultsOfFiles(input).filter(({ rule }) => wanted.has(rule));
  for (const rule of rules) {
    if (!rule.check) continue;
    const missing = missingFor(input, rule);
    if (missing) {
      evaluated.delete(rule.id);
      findings.push(noteOf(rule, { file: "gitops" }, missing.missing, missing.fix));
      continue;
    }
    await rule.check(input, reporter(rule, findings, evaluated));
  }
  const left = applyIgnores(findings, input.files, evaluated, all);
  return { findings: unique(left.sort(compareCheckFindings)), evaluated: [...evaluated] };
}

/** What reading the files found, before any rule: each with the id of a rule that has no `check` of its own. */
export function faultsOfFiles({ files, tree, inventory }: CheckInput): Finding[] {
  return [...files.faults, ...tree.findings, ...inventory.faults];
}

function missingFor(input: CheckInput, rule: Rule): Missing | undefined {
  if (rule.needs === undefined) return undefined;
  const needed = rule.needs === "base" ? input.base : input.head;
  return isMissing(needed) ? needed : undefined;
}

function reporter(rule: Rule, findings: CheckFinding[], evaluated: Set<string>): Report {
  return {
    finding(at, message, fix) {
      const { file, line = 1 } = at;
      findings.push({ rule: rule.id, severity: rule.severity, file, line, message, fix });
    },
    notEvaluated(at, reason, fix) {
      evaluated.delete(rule.id);
      findings.push(noteOf(rule, at, reason, fix));
    },
  };
}

function noteOf(rule: Rule, { file, line = 1 }: At, reason: string, fix: string): CheckFinding {
  return { rule: rule.id, severity: "note", file, line, message: `not evaluated: ${reason}`, fix };
}

/** Printing order: as for all findings; notes come last. */
function compareCheckFindings(a: CheckFinding, b: CheckFinding): number {
  const last = Number(a.severity === "note") - Number(b.severity === "note");
  return last || compareFindings(a as Finding, b as Finding);
}

function unique(sorted: readonly CheckFinding[]): CheckFinding[] {
  return sorted.filter((finding, index) => {
    const before = sorted[index - 1];
    return !before || compareCheckFindings(before, finding) !== 0;
  });
}
