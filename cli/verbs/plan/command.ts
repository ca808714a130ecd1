import type { Command } from "../../command";

/** `onebranch plan`: what a change of the tree changes in which cluster. */
export const plan: Command = {
  summary: "what a change of the tree changes in which cluster, and why",
  usage: "plan [BASE] [HEAD] [options]",
  operands: { min: 0, max: 2 },
  options: {
    stage: { value: "NAME", many: true, summary: "only the clusters of this stage" },
    cluster: { value: "NAME", many: true, summary: "only this cluster" },
    component: { value: "NAME", many: true, summary: "only this component" },
    markdown: { summary: "print a comment for a pull request, at most 65,000 characters" },
    html: { value: "FILE", summary: "write a self-contained page; - prints it" },
    "exit-code": { summary: "exit with 1 when something changes, fails or cannot be evaluated" },
    charts: { value: "DIR", summary: "directory with packed third-party charts, as <name>-<version>.tgz" },
    offline: { summary: "do not pull charts; what needs a missing one is listed as not evaluated" },
  },
  examples: [
    { line: "onebranch plan", why: "the working tree against the commit that the branch started from" },
    { line: "onebranch plan main...HEAD --markdown", why: "what a pull request would change, as a comment" },
    { line: "onebranch plan HEAD~1 HEAD --stage prod", why: "what the last commit changed in prod" },
    { line: "onebranch plan --html plan.html", why: "a page with the matrix of clusters and components" },
  ],
  async run(input, context) {
    const { showPlan } = require("./show") as typeof import("./show");
    return showPlan(input, context);
  },
};
