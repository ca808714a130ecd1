import type { Command } from "../../command";
import { stackOperand } from "../../stack/options";
import { onStack } from "../../stack/task";

/** `onebranch kubeconfig`: the way to a cluster for kubectl and others. */
export const kubeconfig: Command = {
  summary: "print the kubeconfig of a cluster, or merge it into your own and make its context the current one",
  usage: "kubeconfig <stack> [options]",
  operands: { min: 1, max: 1 },
  options: {
    merge: {
      summary:
        "write it into the file that kubectl would write (KUBECONFIG, else ~/.kube/config); your other contexts stay, and destroy takes it out again",
    },
  },
  examples: [
    { line: "onebranch kubeconfig dev --merge", why: "from then on kubectl means dev" },
    { line: "onebranch kubeconfig dev > dev.kubeconfig", why: "a file of its own; it is as secret as a password" },
  ],
  async run(input, context) {
    const stack = stackOperand(input);
    const { showKubeconfig } = require("./show") as typeof import("./show");
    const request = { merge: input.flag("merge"), json: input.flag("json") };
    return onStack(context, "kubeconfig", stack, (task) => showKubeconfig(task, request));
  },
};
