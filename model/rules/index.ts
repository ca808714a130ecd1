import { applicationRules } from "./applications";
import { changeRules } from "./changes";
import { chartRules } from "./charts";
import { fileRules } from "./files";
import { ignoreRules } from "./ignores";
import { manifestRules } from "./manifests";
import type { RuleText } from "./text";
import { treeRules } from "./tree";

export type { RuleText } from "./text";

const texts = {
  ...fileRules,
  ...treeRules,
  ...chartRules,
  ...applicationRules,
  ...manifestRules,
  ...changeRules,
  ...ignoreRules,
};

/** The id of a rule: stable, since comments, SARIF, JSON and links name it. */
export type RuleId = keyof typeof texts;

/** The id of what a plan calls a danger. */
export type DangerId = keyof typeof changeRules;

/** What people read about each rule, of `check`, of `plan` or of both, in the order of the reference page. */
export const ruleTexts: Readonly<Record<RuleId, RuleText>> = texts;

const ids = (rules: object) => Object.keys(rules) as RuleId[];

export const ruleIds: readonly RuleId[] = ids(texts);
/** Found by reading the files; no comment excuses them. */
export const fileRuleIds: readonly RuleId[] = ids(fileRules);
/** About the comments that excuse findings; no comment excuses them either. */
export const ignoreRuleIds: readonly RuleId[] = ids(ignoreRules);
/** What a plan calls dangers, the worst first. */
export const dangerIds = ids(changeRules) as readonly DangerId[];

/** The ids that took the place of one that is no longer used. */
export function successorsOf(id: string): RuleId[] {
  return ruleIds.filter((rule) => ruleTexts[rule].formerly?.includes(id));
}
