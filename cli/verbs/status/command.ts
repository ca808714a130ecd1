import type { Command } from "../../command";

/** `onebranch status`: what the clusters of this checkout have synced. */
export const status: Command = {
  summary: "per cluster: what is synced, healthy or drifted, at which commit, and what stands still",
  usage: "status [stack...] [options]",
  operands: { min: 0, max: Infinity },
  options: {
    fix: {
      summary:
        "start again what stands still: sets with an error and failed syncs; end the syncs that Applications in deletion wait for",
    },
  },
  examples: [
    { line: "onebranch status", why: "every cluster of this checkout" },
    { line: "onebranch status prod --fix", why: "tries again what failed for a reason that is gone" },
    { line: "onebranch status dev --json", why: "the components of dev, for a script" },
  ],
  async run(input, context) {
    const { showStatus } = require("./show-status") as typeof import("./show-status");
    return showStatus(context, { stacks: input.operands, json: input.flag("json"), fix: input.flag("fix") });
  },
};
