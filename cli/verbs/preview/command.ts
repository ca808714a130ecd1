import type { Command } from "../../command";
import { givenSettings, programOptions, stackOperand } from "../../stack/options";
import { onStack } from "../../stack/task";

/** `onebranch preview`: what `up` would do. */
export const preview: Command = {
  summary: "show what `up` would change, and change nothing",
  usage: "preview <stack> [options]",
  operands: { min: 1, max: 1 },
  options: programOptions,
  examples: [{ line: "onebranch preview dev --provider kind", why: "what would be made for dev as a kind cluster" }],
  async run(input, context) {
    const stack = stackOperand(input);
    const given = givenSettings(input, context.io);
    const { previewProgram } = require("./preview-program") as typeof import("./preview-program");
    return onStack(context, "preview", stack, (task) => previewProgram(task, { given, json: input.flag("json") }));
  },
};
