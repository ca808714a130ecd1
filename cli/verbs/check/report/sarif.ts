import { createHash } from "node:crypto";
import { ruleTexts } from "../../../../model/rules";
import { version } from "../../../../package.json";
import type { CheckFinding, Rule } from "../rule";
import type { CheckResult } from "../run";

/**
 * The findings as SARIF 2.1.0, for the code scanning of a forge.
 * @param rules all rules, so that each result links to its text
 * @param root the checkout: its path on this machine must not appear
 */
export function toSarif({ findings }: CheckResult, rules: readonly Rule[], root: string): string {
  const known = [...rules].sort((a, b) => (a.id < b.id ? -1 : 1));
  const index = new Map(known.map(({ id }, at) => [id as string, at]));
  const run = {
    tool: { driver: { name: "onebranch", semanticVersion: version, rules: known.map(describe) } },
    // Paths are relative to the checkout; its place on this machine is not published.
    originalUriBaseIds: { "%SRCROOT%": { description: { text: "The root of the checkout." } } },
    columnKind: "utf16CodeUnits",
    results: numbered(findings).map(({ finding, occurrence }) => result(finding, occurrence, index.get(finding.rule))),
  };
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [run],
  };
  return `${JSON.stringify(log, (_, value: unknown) => (typeof value === "string" ? value.replaceAll(root, ".") : value), 2)}\n`;
}

/** A rule as code scanning shows it beside its alerts. */
function describe({ id }: Rule) {
  const { title, why, fix, severity } = ruleTexts[id];
  return {
    id,
    name: id.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: `${title} ${why}` },
    help: { text: `${why} ${fix}`, markdown: `${why}\n\n**What to do:** ${fix}` },
    defaultConfiguration: { level: severity },
    properties: { tags: ["gitops"], "problem.severity": severity, precision: "high" },
  };
}

/** Equal findings of one file, which only their lines tell apart, by their order. */
function numbered(findings: readonly CheckFinding[]): { finding: CheckFinding; occurrence: number }[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const key = [finding.rule, finding.file, finding.message].join("\n");
    const occurrence = seen.get(key) ?? 0;
    seen.set(key, occurrence + 1);
    return { finding, occurrence };
  });
}

function result(finding: CheckFinding, occurrence: number, ruleIndex: number | undefined) {
  const { rule, severity, file, line, message, fix } = finding;
  // Without the line, so that a finding keeps its identity when lines are added above it.
  const words = [rule, file, message, ...(occurrence > 0 ? [String(occurrence)] : [])].join("\n");
  return {
    ruleId: rule,
    ...(ruleIndex !== undefined && { ruleIndex }),
    level: severity,
    message: { text: `${message}; ${fix}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: file.split("/").map(encodeURIComponent).join("/"), uriBaseId: "%SRCROOT%" },
          region: { startLine: line },
        },
      },
    ],
    partialFingerprints: { "onebranch/v1": createHash("sha256").update(words).digest("hex") },
  };
}
