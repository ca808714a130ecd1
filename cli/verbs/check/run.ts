import { compareFindings, type Finding } from "../../../model/findings";
import { ruleTexts } from "../../../model/rules";
import { UserError } from "../../../model/errors";
import { applyIgnores } from "./ignores";
import type { CheckInput } from "./input";
import { isMissing, type Missing } from "./missing";
import type { CheckFinding, Need, Report, Rule } from "./rule";
import type { At } from "./at";

/** What a check found, in printing order and without duplicates. */
export interface CheckResult {
  findings: CheckFinding[];
  /** Rules that were evaluated in full. */
  evaluated: string[];
}

/**
 * Evaluates rules over a tree.
 * @param rules the rules to evaluate
 * @param all every rule that exists, so that comments that name others are understood
 */
export async function runCheck(input: CheckInput, rules: readonly Rule[], all = rules): Promise<CheckResult> {
  const wanted = new Set<string>(rules.map(({ id }) => id));
  const evaluated = new Set(wanted.keys());
  const findings: CheckFinding[] = faultsOfFiles(input).filter(({ rule }) => wanted.has(rule));
  const evaluate = async (rule: Rule) => {
    const report = reporter(rule, findings, evaluated);
    const missing = missingFor(input, rule);
    if (missing) return report.notEvaluated({ file: "gitops" }, missing.missing, missing.fix);
    try {
      await rule.check?.(input, report);
      if (rule.also && isMissing(input.evaluation)) {
        report.notEvaluated({ file: "gitops" }, input.evaluation.missing, input.evaluation.fix);
      }
    } catch (error) {
      // What the renderer says about the tree as a whole.
      if (!(error instanceof UserError)) throw error;
      if ("stopped" in error && rule.id === "render-failure")
        report.finding({ file: "gitops" }, error.message, "mend it");
      else report.notEvaluated({ file: "gitops" }, error.message, "mend it and check again");
    }
  };
  // Rules run side by side: those that wait for the renderer do not hold up the others.
  await Promise.all(rules.map(evaluate));
  const left = applyIgnores(findings, input.files, evaluated, all);
  return { findings: unique(left.sort(compareCheckFindings)), evaluated: [...evaluated] };
}

/** Faults that reading the files found, before any rule runs; each has the id of a rule without a `check`. */
export function faultsOfFiles({ files, tree, inventory }: CheckInput): Finding[] {
  return [...files.faults, ...tree.findings, ...inventory.faults];
}

function missingFor(input: CheckInput, rule: Rule): Missing | undefined {
  if (rule.needs === undefined) return undefined;
  const { base, evaluation } = input;
  const needed: Record<Need, readonly object[]> = {
    base: [base],
    applications: [evaluation],
    manifests: [evaluation],
    changes: [base, evaluation],
  };
  return needed[rule.needs].find(isMissing);
}

function reporter(rule: Rule, findings: CheckFinding[], evaluated: Set<string>): Report {
  return {
    finding(at, message, fix, severity = ruleTexts[rule.id].severity) {
      const { file, line = 1 } = at;
      findings.push({ rule: rule.id, severity, file, line, message, fix });
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
