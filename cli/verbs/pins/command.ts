import type { Command } from "../../command";

/** `onebranch pins`: which version of each component is in which stage. */
export const pins: Command = {
  summary:
    "which version of each component is in which stage and ring, since when, and what there is to promote (as `promote status`)",
  usage: "pins [component...] [options]",
  operands: { min: 0, max: Infinity },
  options: {},
  examples: [
    { line: "onebranch pins", why: "every component" },
    { line: "onebranch pins orders --json", why: "one component, with the whole pins" },
  ],
  async run(input, context) {
    const { showPins } = require("./table") as typeof import("./table");
    return showPins(input.operands, input.flag("json"), context);
  },
};
