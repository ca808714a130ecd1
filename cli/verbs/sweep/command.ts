import type { Command } from "../../command";
import { yesOption } from "../../stack/options";
import { onStacks } from "../../stack/task";

/** `onebranch sweep`: ends the ephemeral stacks whose time ran out. */
export const sweep: Command = {
  summary: "destroy every ephemeral stack whose time ran out, and say what is kept and why",
  usage: "sweep [options]",
  operands: { min: 0, max: 0 },
  options: { "dry-run": { summary: "only say what would be destroyed" }, ...yesOption },
  examples: [
    { line: "onebranch sweep --dry-run", why: "what is past its time, and what is kept" },
    { line: "onebranch sweep --yes", why: "every night, in CI or from cron" },
  ],
  async run(input, context) {
    const { sweepStacks } = require("./sweep") as typeof import("./sweep");
    const request = { dryRun: input.flag("dry-run"), yes: input.flag("yes"), json: input.flag("json") };
    return onStacks(context, "sweep", (taskOn) => sweepStacks(taskOn, request));
  },
};
