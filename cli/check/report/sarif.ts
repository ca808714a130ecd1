import { createHash } from "node:crypto";
import { version } from "../../../package.json";
import type { CheckFinding, Rule } from "../rule";
import type { CheckResult } from "../run";

/** The findings as SARIF 2.1.0, for code scanning; @param rules all rules, so that each result links to its text */
export function toSarif({ findings }: CheckResult, rules: readonly Rule[]): string {
  const known = [...rules].sort((a, b) => (a.id < b.id ? -1 : 1));
  const index = new Map(known.map(({ id }, at) => [id, at]));
  const run = {
    tool: {
      driver: {
        name: "onebranch",
        semanticVersion: version,
        rules: known.map((rule) => ({
          id: rule.id,
          shortDescription: { text: rule.title },
          fullDescription: { text: `${rule.title} ${rule.why}` },
          help: { text: rule.fix },
          defaultConfiguration: { level: rule.severity },
        })),
      },
    },
    columnKind: "utf16CodeUnits",
    results: findings.map((finding) => result(finding, index.get(finding.rule))),
  };
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [run],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function result(finding: CheckFinding, ruleIndex: number | undefined) {
  const { rule, severity, file, line, message, fix } = finding;
  return {
    ruleId: rule,
    ...(ruleIndex !== undefined && { ruleIndex }),
    level: severity,
    message: { text: `${message}; ${fix}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(file), uriBaseId: "%SRCROOT%" },
          region: { startLine: line },
        },
      },
    ],
    // Without the line: a finding stays the same one when lines are added above it.
    partialFingerprints: { "onebranch/v1": createHash("sha256").update(`${rule}\n${file}\n${message}`).digest("hex") },
  };
}
