import { formatFinding, type Finding } from "../../../model/findings";
import { count } from "../../table";
import type { CheckResult } from "../run";

/** One line for each finding, `path:line: what is wrong; what to do [rule-id]`, and a closing line that counts them. */
export function toText({ findings }: CheckResult): string {
  const lines = findings.map((finding) => {
    const line = formatFinding(finding as Finding);
    return finding.severity === "warning" ? line.replace(/^([^\n]*?:\d+: )/, "$1warning: ") : line;
  });
  const number = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const parts = [
    count(number("error"), "error"),
    number("warning") > 0 && count(number("warning"), "warning"),
    number("note") > 0 && `${number("note")} not evaluated`,
  ];
  return [...lines, parts.filter((part) => part !== false).join(", "), ""].join("\n");
}
