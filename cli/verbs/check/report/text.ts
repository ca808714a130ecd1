import { formatFinding, type Finding } from "../../../../model/findings";
import { count } from "../../../terminal/table";
import type { CheckFinding } from "../rule";
import type { CheckResult } from "../run";

/** One line for each finding, `path:line: what is wrong; what to do [rule-id]`, and a closing line that counts them. */
export function toText({ findings }: CheckResult): string {
  const number = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const parts = [
    count(number("error"), "error"),
    number("warning") > 0 && count(number("warning"), "warning"),
    number("note") > 0 && `${number("note")} not evaluated`,
  ];
  return [...joined(findings).map(toLine), parts.filter((part) => part !== false).join(", "), ""].join("\n");
}

function toLine(finding: CheckFinding): string {
  const line = formatFinding(finding as Finding);
  const place = `${finding.file}:${finding.line}: `;
  return finding.severity === "warning" ? `${place}warning: ${line.slice(place.length)}` : line;
}

/** The reason why several rules were not evaluated is reported once, with all of them. */
function joined(findings: readonly CheckFinding[]): CheckFinding[] {
  const notes = new Map<string, CheckFinding>();
  const result: CheckFinding[] = [];
  for (const finding of findings) {
    const key = [finding.file, finding.line, finding.message, finding.fix].join("\n");
    const first = finding.severity === "note" ? notes.get(key) : undefined;
    if (first) {
      first.rule += `, ${finding.rule}`;
      continue;
    }
    const own = { ...finding };
    if (finding.severity === "note") notes.set(key, own);
    result.push(own);
  }
  return result;
}
