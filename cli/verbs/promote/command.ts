import { chartOptions, type Command } from "../../command";

/** `onebranch promote`: copies a pin from the stage before, or takes it to the next ring of a stage. */
export const promote: Command = {
  summary: "take a component's pin one step on, from the stage or the ring before, and print what that changes",
  usage: "promote <component>|--all --to STAGE [options], or promote status [component...]",
  operands: { min: 0, max: Infinity },
  options: {
    to: { value: "STAGE", summary: "the stage whose pin is written" },
    from: { value: "STAGE", summary: "the stage before it; can only confirm it, any other is refused" },
    ring: { value: "RING", summary: "the ring to reach, in a stage with rings (default: the next one)" },
    all: { summary: "every component of the stage before that this stage or a later one has" },
    "dry-run": { summary: "print what would be written and its plan, and write nothing" },
    commit: { summary: "also make one commit of it, whose message says who has to approve it" },
    soak: {
      value: "DURATION",
      summary:
        "only if every cluster of the ring or stage before has had exactly this pin for so long, Synced and Healthy",
    },
    "force-soak": { value: "REASON", summary: "go on although the soak is not over; the commit says why" },
    "during-freeze": { value: "REASON", summary: "go on although the stage is frozen; the commit says why" },
    status: { summary: "the same as `promote status`: the pins per stage and ring, and what there is to promote" },
    ...chartOptions,
  },
  examples: [
    { line: "onebranch promote orders --to prod", why: "prod gets the pin that staging has" },
    {
      line: "onebranch promote --all --to staging --dry-run",
      why: "what dev has and staging lacks, and what it would change, without writing it",
    },
    {
      line: "onebranch promote orders --to prod --commit",
      why: "in a stage with rings: the next ring, as a commit; the last step makes it the stage's own",
    },
    {
      line: "onebranch promote orders --to prod --commit --soak 24h",
      why: "the same, but only what the clusters before have run for a day without trouble",
    },
    { line: "onebranch promote status", why: "the pins per stage and ring, since when, and what the next step is" },
  ],
  run(input, context) {
    const show = require("./show") as typeof import("./show");
    return show.promote(input, context);
  },
};
