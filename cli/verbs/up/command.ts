import type { Command } from "../../command";
import { parseDuration } from "../../terminal/duration";
import { programOptions, givenSettings, stackOperand, yesOption } from "../../stack/options";
import { onStack } from "../../stack/task";

/** `onebranch up`: makes or updates a cluster and waits until Argo CD has synced it. */
export const up: Command = {
  summary: "make or update a cluster, and wait until Argo CD has brought it to the checkout's commit",
  usage: "up <stack> [options]",
  operands: { min: 1, max: 1 },
  options: {
    ...programOptions,
    ...yesOption,
    timeout: { value: "DURATION", summary: "how long to wait for Argo CD, for example 90s (default: 5m)" },
    build: { summary: "build the programs that are missing, and look for no release files" },
    refresh: {
      summary: "look first at what Pulumi made outside the cluster, and put back what was changed there by hand",
    },
    adopt: { summary: "after the stack's state was lost: take over what its provider has of it" },
    "no-wait": { summary: "do not wait for Argo CD" },
  },
  examples: [
    {
      line: "onebranch up dev --provider embedded",
      why: "the dev cluster as processes on this machine, without Docker",
    },
    { line: "onebranch up pr-123 --from dev --ttl 4h", why: "beside dev, with its identity, for an afternoon" },
    { line: "onebranch up staging --config pollSeconds=5", why: "staging, looking at Git every five seconds" },
  ],
  async run(input, context) {
    const stack = stackOperand(input);
    const given = givenSettings(input, context.io);
    const timeout = parseDuration("timeout", input.text("timeout") ?? "5m");
    const { bringUp } = require("./bring-up") as typeof import("./bring-up");
    const { io } = context;
    if (io.ask !== undefined && !input.flag("yes") && !(await io.ask(`bring up ${stack}?`))) {
      io.err("nothing was changed\n");
      return 1;
    }
    const request = {
      given,
      timeout,
      wait: !input.flag("no-wait"),
      look: { adopt: input.flag("adopt"), refresh: input.flag("refresh") },
      json: input.flag("json"),
    };
    const env = { ...io.env, ...(input.flag("build") && { ONEBRANCH_RELEASES: "never" }) };
    return onStack({ ...context, io: { ...io, env } }, "up", stack, (task) => bringUp(task, request));
  },
};
