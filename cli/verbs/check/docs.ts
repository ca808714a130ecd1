import { dangerIds, ruleIds, ruleTexts, type RuleId } from "../../../model/rules";
import type { Rule } from "./rule";

const needs = {
  base: "Compares with the merge base.",
  applications: "Needs the renderer: it expands the ApplicationSets.",
  manifests: "Needs the renderer: it looks at the manifests of every cluster.",
  changes: "Needs the renderer: it compares with the merge base what Argo CD would make.",
} as const;

/** The reference page of the rules: those of `check`, and what a plan calls dangers. */
export function rulesPage(rules: readonly Rule[]): string {
  return [
    "<!-- Generated from model/rules and cli/verbs/check/rules by `make docs`; do not edit. -->",
    "",
    "# Rules",
    "",
    "What `onebranch check` finds in a tree and `onebranch plan` in a change has an id, the same in both. Each finding of a check is",
    "one line, `path:line: what is wrong; what to do [rule-id]`. To excuse one, say why on its line or on the line above:",
    "`# onebranch-ignore <rule-id>: <reason>`. A comment without a reason is a finding, and so is one that excuses nothing. What",
    "cannot be evaluated is listed as such and never counts as right. What a plan finds is one of its dangers: high where the",
    "rule is an error, medium where it is a warning.",
    "",
    "| rule | found by | finds |",
    "| --- | --- | --- |",
    ...ruleIds.map((id) => `| [${id}](#${id}) | ${verbsOf(id, rules)} | ${escaped(ruleTexts[id].title)} |`),
    "",
    ...ruleIds.flatMap((id) => section(id, rules)),
  ].join("\n");
}

function verbsOf(id: RuleId, rules: readonly Rule[]): string {
  const checked = rules.some((rule) => rule.id === id) ? ["check"] : [];
  return [...checked, ...((dangerIds as readonly RuleId[]).includes(id) ? ["plan"] : [])].join(", ");
}

function section(id: RuleId, rules: readonly Rule[]): string[] {
  const { title, why, fix, severity, formerly } = ruleTexts[id];
  const rule = rules.find((one) => one.id === id);
  const facts = [
    severity === "warning" && rule ? "A warning: it does not fail the check." : undefined,
    rule === undefined ? `Found by \`plan\` alone, a ${severity === "error" ? "high" : "medium"} danger.` : undefined,
    rule?.needs && needs[rule.needs],
    rule && rule.check === undefined ? "No comment excuses it." : undefined,
    formerly && `Formerly ${formerly.map((name) => `\`${name}\``).join(", ")}, which comments may still name.`,
  ].filter((fact) => fact !== undefined);
  return [`## ${id}`, "", title, "", `- Why: ${why}`, `- What to do: ${fix}`, ...facts.map((fact) => `- ${fact}`), ""];
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|");
}
