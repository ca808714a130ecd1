import type { RuleText } from "./text";

/** What is wrong with the comments that excuse findings. */
export const ignoreRules = {
  "bad-ignore": {
    title:
      "A comment onebranch-ignore gives no reason, or names no rule, an unknown rule, or one that cannot be excused.",
    why: "A reader cannot judge whether such an exception is right.",
    fix: "Write # onebranch-ignore <rule>: <reason> on the line of the finding or on the line above.",
    severity: "error",
  },
  "unused-ignore": {
    title: "A comment onebranch-ignore excuses nothing.",
    why: "It would excuse the next fault on its line.",
    fix: "Remove the comment.",
    severity: "warning",
  },
} satisfies Record<string, RuleText>;
