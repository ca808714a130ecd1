import type { RuleId } from "./rules";

/** One fault in the tree: where it is, what is wrong and what to do about it. */
export interface Finding {
  /** Id in the catalogue, or `setting-` and more for a setting of a stack. */
  rule: RuleId | `setting-${string}`;
  severity: "error" | "warning";
  /** Path relative to the root of the tree, with forward slashes. */
  file: string;
  /** Line in that file, from 1. */
  line: number;
  /** What is wrong, with the bad value. */
  message: string;
  /** What to do, with the allowed values or the corrected one. */
  fix: string;
}

/** A finding as one line: `path:line: what is wrong; what to do [rule-id]`. */
export function formatFinding(finding: Finding): string {
  return oneLine(`${finding.file}:${finding.line}: ${finding.message}; ${finding.fix} [${finding.rule}]`);
}

/** A text as one line without control characters. The name of a file may contain line ends, or codes that a terminal would obey. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").replace(/\p{Cc}/gu, "\uFFFD");
}

/** Order of findings wherever they are printed: file, line, rule, message. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    compareText(a.file, b.file) || a.line - b.line || compareText(a.rule, b.rule) || compareText(a.message, b.message)
  );
}

/** Plain code point order: the same on every machine, in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
