import type { Command } from "../../command";
import { stackOperand, yesOption } from "../../stack/options";
import { onStack } from "../../stack/task";

/** `onebranch destroy`: removes a cluster and everything it left on this machine. */
export const destroy: Command = {
  summary: "remove a cluster, its state and everything it left on this machine",
  usage: "destroy <stack> [options]",
  operands: { min: 1, max: 1 },
  options: yesOption,
  examples: [
    {
      line: "onebranch destroy dev --yes",
      why: "without a question; the second time it says that there is nothing to remove",
    },
  ],
  async run(input, context) {
    const stack = stackOperand(input);
    const { destroyStack } = require("./destroy-stack") as typeof import("./destroy-stack");
    const request = { yes: input.flag("yes"), json: input.flag("json") };
    return onStack(context, "destroy", stack, (task) => destroyStack(task, request));
  },
};
