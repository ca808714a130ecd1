import type { Command } from "../../command";
import { usageError } from "../../terminal/fail";

/** `onebranch pins`: which version of each component is in which stage. */
export const pins: Command = {
  summary:
    "which version of each component is in which stage and ring, since when, and what there is to promote (as `promote status`)",
  usage: "pins [component...] [options]",
  operands: { min: 0, max: Infinity },
  options: {
    resolve: {
      summary:
        "write into each pin the digest that its image's tag stands for now, from the registry; the tag stays as a comment",
    },
    metrics: {
      summary: "print since when each ring has a pin of its own, in the text format of Prometheus",
    },
    stage: { value: "STAGE", summary: "with --resolve: the pins of one stage and its rings (default: all pins)" },
    "dry-run": { summary: "with --resolve: print what would be written, and write nothing" },
  },
  examples: [
    { line: "onebranch pins", why: "every component" },
    { line: "onebranch pins orders --json", why: "one component, with the whole pins" },
    { line: "onebranch pins --metrics", why: "for a job that sends them to the alerts of docs/monitoring.md" },
    { line: "onebranch pins --resolve --stage prod", why: "tags become digests, in every pin of prod" },
  ],
  async run(input, context) {
    const [stage, dryRun, json] = [input.text("stage"), input.flag("dry-run"), input.flag("json")];
    if (input.flag("resolve")) {
      const { resolvePins } = require("./resolve") as typeof import("./resolve");
      return resolvePins({ components: input.operands, stage, dryRun, json }, context);
    }
    if (stage !== undefined || dryRun) throw usageError("--stage and --dry-run go with --resolve");
    if (input.flag("metrics")) {
      const { ringMetrics } = require("./metrics") as typeof import("./metrics");
      return ringMetrics(input.operands, context);
    }
    const { showPins } = require("../../promotion/status") as typeof import("../../promotion/status");
    return showPins(input.operands, json, context);
  },
};
