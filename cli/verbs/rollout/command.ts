import { chartOptions, type Command } from "../../command";

/** `onebranch rollout`: takes a component through the rings of a stage, and back when it does not work there. */
export const rollout: Command = {
  summary: "take a component through a stage ring by ring, wait in between, and take it back when it does not work",
  usage: "rollout <component> --to STAGE [options]",
  operands: { min: 1, max: 1 },
  options: {
    to: { value: "STAGE", summary: "the stage that it goes through" },
    soak: {
      value: "DURATION",
      summary:
        "how long every cluster of a ring has to have it, Synced and Healthy, before the next ring, not in the stage before (default: not at all)",
    },
    timeout: {
      value: "DURATION",
      summary: "how long a ring may take to be Synced and Healthy, such as 90s or 15m (default: 15m)",
    },
    push: { summary: "push every commit; clusters that follow another repository than this one need it" },
    "take-back": {
      value: "WHAT",
      choices: ["all", "last"],
      summary: "what is taken back when a ring fails: all steps of this rollout, or the last one alone (default: all)",
    },
    "dry-run": {
      summary: "print the steps that are left, what holds the next one, its commit and its plan, and write nothing",
    },
    again: { summary: "try a version again that was taken back" },
    "force-soak": { value: "REASON", summary: "do not wait for the soak; the commits say why" },
    "during-freeze": { value: "REASON", summary: "go on although the stage is frozen; the commits say why" },
    ...chartOptions,
  },
  examples: [
    {
      line: "onebranch rollout orders --to prod --dry-run",
      why: "which clusters it would go through, and what the next step changes",
    },
    {
      line: "onebranch rollout orders --to prod --soak 30m",
      why: "commits ring after ring, each when the one before has been Healthy for half an hour",
    },
    {
      line: "onebranch rollout orders --to prod --soak 1d --push",
      why: "the same from a job, where each commit is pushed",
    },
  ],
  run(input, context) {
    const show = require("./show") as typeof import("./show");
    return show.rollout(input, context);
  },
};
