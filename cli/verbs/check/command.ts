import type { Command } from "../../command";
import { usageError } from "../../terminal/fail";

/** `onebranch check`: every rule over the whole tree. */
export const check: Command = {
  summary: "say what is wrong in the tree, file by file, before it lands",
  usage: "check [BASE] [options]",
  operands: { min: 0, max: 1 },
  options: {
    rule: { value: "ID", many: true, summary: "evaluate only this rule" },
    sarif: { summary: "print the findings as SARIF 2.1.0, for code scanning" },
    offline: { summary: "do not pull third-party charts; what needs one is listed as not evaluated" },
    charts: { value: "DIR", summary: "directory with packed third-party charts, as <name>-<version>.tgz" },
    "max-removals": {
      value: "N",
      summary: "how many Applications one change may remove from a production cluster (default: 1)",
    },
    "max-object-removals": {
      value: "N",
      summary:
        "how many objects one change may delete in a production cluster, with their Applications or without (default: 3)",
    },
    "list-rules": { summary: "print every rule and what it finds, and stop" },
  },
  examples: [
    {
      line: "onebranch check",
      why: "the working tree, compared with the merge base with the main branch",
    },
    { line: "onebranch check origin/main --sarif", why: "a pull request, for the code scanning of a forge" },
    { line: "onebranch check --rule pin-order --rule values-schema", why: "two rules only" },
  ],
  async run(input, context) {
    if (input.flag("json") && input.flag("sarif"))
      throw usageError("--json and --sarif contradict each other; keep one");
    const { checkTree } = require("./main") as typeof import("./main");
    return checkTree(context, {
      base: input.operands[0],
      rules: input.all("rule"),
      list: input.flag("list-rules"),
      format: input.flag("sarif") ? "sarif" : input.flag("json") ? "json" : "text",
      offline: input.flag("offline"),
      charts: input.text("charts"),
      maxRemovals: wholeNumber("max-removals", input.text("max-removals") ?? "1"),
      maxObjectRemovals: wholeNumber("max-object-removals", input.text("max-object-removals") ?? "3"),
    });
  },
};

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw usageError(`--${option} must be a whole number, found "${text}"`);
}
