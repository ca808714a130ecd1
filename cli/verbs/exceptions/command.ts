import type { Command } from "../../command";

/** `onebranch exceptions`: where a cluster differs from its stage, and until when. */
export const exceptions: Command = {
  summary: "which clusters differ from their stage, who answers for it, until when, and whether it is still needed",
  usage: "exceptions [cluster...] [options]",
  operands: { min: 0, max: Infinity },
  options: {
    on: { value: "DAY", summary: "judge as of this day, YYYY-MM-DD (default: today, UTC)" },
    metrics: {
      summary: "print when each ends, in the text format of Prometheus; for the alerts of docs/monitoring.md",
    },
  },
  examples: [
    { line: "onebranch exceptions", why: "all of them; exits with 1 when one has expired" },
    {
      line: "onebranch exceptions --metrics",
      why: "for a job that sends them; exits with 0 while the files can be read",
    },
    { line: "onebranch exceptions prod --json", why: "those of one cluster, for a script" },
  ],
  run(input, context) {
    const show = require("./show") as typeof import("./show");
    return show.listExceptions(input, context);
  },
};
