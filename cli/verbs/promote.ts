import { createRequire } from "node:module";
import type { Command } from "../command";

const load = createRequire(__filename);

/** `onebranch promote`: copies a pin from the stage before. */
export const promote: Command = {
  summary: "copy a component's pin from the stage before, and print what that changes",
  usage: "promote [component] --to STAGE [options]",
  operands: { min: 0, max: 1 },
  options: {
    to: { value: "STAGE", summary: "the stage whose pin is written" },
    from: { value: "STAGE", summary: "the stage before it; only to say so, another one is refused" },
    all: { summary: "every component that both stages have" },
    "dry-run": { summary: "print the pins that would be written, and write nothing" },
    status: { summary: "print the pins per stage, as `onebranch pins` does" },
    charts: { value: "DIR", summary: "packed charts of others, as <name>-<version>.tgz" },
    offline: { summary: "never fetch a chart; what is not at hand is listed as not evaluated" },
  },
  examples: [
    { line: "onebranch promote orders --to prod", why: "prod gets the pin that staging has" },
    { line: "onebranch promote --all --to staging --dry-run", why: "what staging lacks of dev, without writing it" },
    { line: "onebranch promote --status", why: "the pins of every stage" },
  ],
  run(input, context) {
    const show = load("../promote/show") as typeof import("../promote/show");
    return show.promote(input, context);
  },
};
