import { chartOptions, type Command } from "../../command";

/** `onebranch promote`: copies a pin from the stage before. */
export const promote: Command = {
  summary: "copy a component's pin from the stage before, and print what that changes",
  usage: "promote <component>|--all --to STAGE [options], or promote status [component...]",
  operands: { min: 0, max: Infinity },
  options: {
    to: { value: "STAGE", summary: "the stage whose pin is written" },
    from: { value: "STAGE", summary: "the stage before it; can only confirm it, any other is refused" },
    all: { summary: "every component that both stages have" },
    "dry-run": { summary: "print the pins that would be written and their plan, and write nothing" },
    status: { summary: "the same as `promote status`: the pins per stage, and what there is to promote" },
    ...chartOptions,
  },
  examples: [
    { line: "onebranch promote orders --to prod", why: "prod gets the pin that staging has" },
    {
      line: "onebranch promote --all --to staging --dry-run",
      why: "what dev has and staging lacks, and what it would change, without writing it",
    },
    { line: "onebranch promote status", why: "the pins per stage as a table, and what there is to promote" },
  ],
  run(input, context) {
    const show = require("./show") as typeof import("./show");
    return show.promote(input, context);
  },
};
