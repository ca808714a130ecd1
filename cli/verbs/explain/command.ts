import type { Command } from "../../command";

/** `onebranch explain`: which file and line set each value. */
export const explain: Command = {
  summary: "where each value of a component in a cluster comes from, and what it overrode",
  usage: "explain <cluster> <component> [key] [options]",
  operands: { min: 2, max: 3 },
  options: {
    "why-not": { value: "KEY|FILE", summary: "why a key, or what a file sets, has no effect there" },
    charts: { value: "DIR", summary: "packed third-party charts, as <name>-<version>.tgz, for their defaults" },
    offline: { summary: "do not pull charts; the defaults of a missing one are left out" },
  },
  examples: [
    { line: "onebranch explain prod orders", why: "every value of orders in prod, with its file and line" },
    { line: "onebranch explain prod orders replicas", why: "one value, and the layers it went through" },
    { line: "onebranch explain prod orders config --json", why: "all values below config, for a script" },
    {
      line: "onebranch explain prod guestbook --why-not config.PODINFO_LEVEL",
      why: "which files set it, and why none of them reaches prod",
    },
    {
      line: "onebranch explain staging orders --why-not gitops/apps/orders/stages/prod/values.yaml",
      why: "why staging gets nothing of a file",
    },
  ],
  run(input, context) {
    const show = require("./show") as typeof import("./show");
    return show.explain(input, context);
  },
};
