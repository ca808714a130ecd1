import type { Command } from "../../command";

/** `onebranch owners`: who reviews what, as CODEOWNERS has it. */
export const owners: Command = {
  summary:
    "who reviews what, from gitops/teams, gitops/stages and the pins of the apps, and whether CODEOWNERS says the same",
  usage: "owners [options]",
  operands: { min: 0, max: 0 },
  options: {
    write: { summary: "write the lines into CODEOWNERS; what people wrote there stays" },
  },
  examples: [
    { line: "onebranch owners", why: "the lines; exits with 1 when those in CODEOWNERS are others" },
    { line: "onebranch owners --write", why: "after a change of gitops/teams, of approvers, or of the team of an app" },
  ],
  run(input, context) {
    const { showOwners } = require("./show") as typeof import("./show");
    return showOwners(input, context);
  },
};
