import { chartOptions, type Command } from "../../command";

/** `onebranch compare`: what differs between two clusters. */
export const compare: Command = {
  summary: "what differs between two clusters, and which layer makes the difference",
  usage: "compare <a> <b> [component] [options]",
  operands: { min: 2, max: 3 },
  options: {
    "exit-code": { summary: "exit with 1 when something differs" },
    ...chartOptions,
  },
  examples: [
    { line: "onebranch compare staging prod --offline", why: "components, versions, values and manifests that differ" },
    { line: "onebranch compare staging prod orders", why: "one component, with every field of its manifests" },
    { line: "onebranch compare dev prod guestbook --json", why: "the same facts for a script" },
  ],
  run(input, context) {
    const show = require("./show") as typeof import("./show");
    return show.compare(input, context);
  },
};
