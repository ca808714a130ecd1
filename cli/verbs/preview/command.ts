import { createRequire } from "node:module";
import type { Command } from "../../command";
import { interruptible } from "../../terminal/interrupt";
import { createProgress } from "../../terminal/progress";
import { givenSettings, programOptions, stackOperand } from "../../stack/options";

const load = createRequire(__filename);

/** `onebranch preview`: what `up` would do. */
export const preview: Command = {
  summary: "show what `up` would change, and change nothing",
  usage: "preview <stack> [options]",
  operands: { min: 1, max: 1 },
  options: programOptions,
  examples: [{ line: "onebranch preview dev --provider kind", why: "what a kind cluster for dev would be made of" }],
  async run(input, context) {
    const stack = stackOperand(input);
    const given = givenSettings(input);
    const { previewProgram } = load("./preview-program") as typeof import("./preview-program");
    const progress = createProgress(context.io);
    try {
      return await interruptible(context.io, `onebranch preview ${stack}`, (stop) =>
        previewProgram(context, { stack, given, json: input.flag("json"), progress, stop }),
      );
    } finally {
      progress.stop();
    }
  },
};
