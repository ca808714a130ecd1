import type { RuleText } from "./text";

/** What is wrong with the comments that excuse findings. */
export const ignoreRules = {
  "bad-ignore": {
    title:
      "A comment onebranch-ignore names no rule, an unknown one or one that cannot be excused, or gives no reason.",
    why: "An exception that nobody can judge is a hole.",
    fix: "Write # onebranch-ignore <rule>: <reason> on the line of the finding or on the line above.",
    severity: "error",
  },
  "unused-ignore": {
    title: "A comment onebranch-ignore excuses nothing.",
    why: "It would excuse the next fault that comes to its line.",
    fix: "Remove the comment.",
    severity: "warning",
  },
} satisfies Record<string, RuleText>;
