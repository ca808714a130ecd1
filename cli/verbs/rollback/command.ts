import { chartOptions, type Command } from "../../command";

/** `onebranch rollback`: the commit that restores what a component had earlier. */
export const rollback: Command = {
  summary: "restore the earlier pins and values of one component, as a commit of its own",
  usage: "rollback <component> [options]",
  operands: { min: 1, max: 1 },
  options: {
    stage: { value: "STAGE", summary: "only what the component has in this stage, its rings included" },
    ring: {
      value: "RING",
      summary: "only what it has in this ring; of the only stage that has it, where no stage is named",
    },
    to: { value: "COMMIT", summary: "the commit to restore (default: before the last change of what is restored)" },
    "dry-run": { summary: "print what would be restored and its plan, and commit nothing" },
    yes: { summary: "go back although something in the way back cannot be undone" },
    ...chartOptions,
  },
  examples: [
    {
      line: "onebranch rollback orders --to HEAD~1 --dry-run",
      why: "what orders had one commit ago, and what going back to it would change",
    },
  ],
  run(input, context) {
    const show = require("./show") as typeof import("./show");
    return show.rollback(input, context);
  },
};
