import { chartOptions, type Command } from "../../command";

/** `onebranch render`: the manifests of a cluster. */
export const render: Command = {
  summary: "the manifests of a cluster as Argo CD will apply them",
  usage: "render <cluster> [component] [options]",
  operands: { min: 1, max: 2 },
  options: {
    "output-dir": {
      value: "DIR",
      summary: "write <cluster>/<component>/<object>.yaml below DIR, and remove outdated files of earlier runs",
    },
    ...chartOptions,
  },
  examples: [
    { line: "onebranch render dev orders", why: "the manifests of one component, as YAML documents" },
    {
      line: "onebranch render prod guestbook --output-dir rendered",
      why: "one file per object below rendered/prod/guestbook",
    },
    { line: "onebranch render prod orders --json", why: "the same objects as JSON" },
  ],
  run(input, context) {
    const show = require("./show") as typeof import("./show");
    return show.render(input, context);
  },
};
