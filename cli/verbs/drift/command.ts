import { chartOptions, type Command } from "../../command";
import { stackOperand } from "../../stack/options";
import { onStack } from "../../stack/task";

/** `onebranch drift`: what is in a cluster, and was written there by nobody who should. */
export const drift: Command = {
  summary: "what was changed by hand, in what Pulumi made and in what Argo CD syncs: field, live value, wanted value",
  usage: "drift <stack> [options]",
  operands: { min: 1, max: 1 },
  options: chartOptions,
  examples: [
    { line: "onebranch drift dev", why: "compares the cluster with the stack's state and with the commit it follows" },
    { line: "onebranch drift prod --json", why: "for a job that reports every night; the exit code is 1 on drift" },
  ],
  async run(input, context) {
    const stack = stackOperand(input);
    const { showDrift } = require("./show") as typeof import("./show");
    return onStack(context, "drift", stack, (task) => showDrift(context, input, task));
  },
};
