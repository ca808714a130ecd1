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

/** The id of a rule. It must stay the same, because comments, SARIF, JSON and links use it. */
export type RuleId = keyof typeof texts;

/** The id of what a plan calls a danger. */
export type DangerId = keyof typeof changeRules;

/** What people read about each rule of `check`, `plan` or both, in the order of the reference page. */
export const ruleTexts: Readonly<Record<RuleId, RuleText>> = texts;

const ids = (rules: object) => Object.keys(rules) as RuleId[];

export const ruleIds: readonly RuleId[] = ids(texts);
/** Rules about reading the files; no comment can excuse their findings. */
export const fileRuleIds: readonly RuleId[] = ids(fileRules);
/** Rules about the comments that excuse findings; no comment can excuse their findings either. */
export const ignoreRuleIds: readonly RuleId[] = ids(ignoreRules);
/** The rules that a plan calls dangers, the worst first. */
export const dangerIds = ids(changeRules) as readonly DangerId[];

/** The ids that replaced an id that is no longer used. */
export function successorsOf(id: string): RuleId[] {
  return ruleIds.filter((rule) => ruleTexts[rule].formerly?.includes(id));
}
