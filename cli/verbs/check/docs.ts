import type { Rule } from "./rule";

const needs = {
  base: "Compares with the merge base.",
  applications: "Needs the renderer: it expands the ApplicationSets.",
  manifests: "Needs the renderer: it looks at the manifests of every cluster.",
  changes: "Needs the renderer: it compares with the merge base what Argo CD would make.",
} as const;

/** The reference page of the rules. */
export function rulesPage(rules: readonly Rule[]): string {
  return [
    "<!-- Generated from cli/verbs/check/rules by `make docs`; do not edit. -->",
    "",
    "# Rules of `onebranch check`",
    "",
    "Each finding is one line, `path:line: what is wrong; what to do [rule-id]`. To excuse one, say why on its line or on the",
    "line above: `# onebranch-ignore <rule-id>: <reason>`. A comment without a reason is a finding, and so is one that excuses",
    "nothing. What cannot be evaluated is listed as such and never counts as right.",
    "",
    "| rule | finds |",
    "| --- | --- |",
    ...rules.map(({ id, title }) => `| [${id}](#${id}) | ${escaped(title)} |`),
    "",
    ...rules.flatMap(section),
  ].join("\n");
}

function section(rule: Rule): string[] {
  const facts = [
    rule.severity === "warning" ? "A warning: it does not fail the check." : undefined,
    rule.needs && needs[rule.needs],
    rule.excusable === false ? "No comment excuses it." : undefined,
  ].filter((fact) => fact !== undefined);
  return [
    `## ${rule.id}`,
    "",
    rule.title,
    "",
    `- Why: ${rule.why}`,
    `- What to do: ${rule.fix}`,
    ...facts.map((fact) => `- ${fact}`),
    "",
  ];
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|");
}
