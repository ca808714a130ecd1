import { chartOptions, type Command } from "../../command";
import { usageError } from "../../terminal/fail";

/** `onebranch ui`: all clusters on one page. */
export const ui: Command = {
  summary: "show all clusters on one page in the browser, live; serves it on this machine until Ctrl-C",
  usage: "ui [stack...] [options]",
  operands: { min: 0, max: Infinity },
  options: {
    contexts: {
      value: "NAME",
      many: true,
      summary: "clusters of a kubeconfig instead of stacks: names of contexts, with * for any characters",
    },
    kubeconfig: { value: "FILE", summary: "with --contexts: the kubeconfig (default: as kubectl finds it)" },
    port: { value: "NUMBER", summary: "where it listens on 127.0.0.1 (default: any free port)" },
    actions: { summary: "let the page ask for a refresh or a sync; each is asked for twice and logged here" },
    export: { value: "DIR", summary: "write a snapshot of all views, index.html and snapshot.json, and end" },
    ...chartOptions,
  },
  examples: [
    { line: "onebranch ui", why: "every cluster of this checkout; open the address that it prints" },
    { line: "onebranch ui dev staging --port 8300", why: "two of them, at a port that stays the same" },
    { line: "onebranch ui --contexts 'prod-*' --contexts staging", why: "clusters that only your kubeconfig knows" },
    { line: "onebranch ui --export snapshot", why: "a page for an incident note, or for a run of CI" },
    { line: "onebranch ui --json", why: "the address as JSON, for a script that reads the views from there" },
  ],
  async run(input, context) {
    const [port, target] = [input.text("port"), input.text("export")];
    const [contexts, kubeconfig] = [input.all("contexts"), input.text("kubeconfig")];
    if (contexts.length > 0 && input.operands.length > 0) {
      throw usageError(`give stacks or --contexts, not both; found ${input.operands.join(", ")}`);
    }
    if (kubeconfig !== undefined && contexts.length === 0) {
      throw usageError("--kubeconfig says where --contexts are; name them, or all of them with --contexts '*'");
    }
    const alone = ["port", "actions"].find((name) => target !== undefined && input.flag(name));
    if (alone !== undefined) throw usageError(`--export serves nothing; leave out --${alone}`);
    const charts = input.text("charts");
    const { showFleet } = require("./show") as typeof import("./show");
    return showFleet(context, {
      stacks: input.operands,
      contexts,
      kubeconfig,
      port: portOf(port),
      acts: input.flag("actions"),
      target,
      json: input.flag("json"),
      settings: { ...(charts !== undefined && { charts }), offline: input.flag("offline") },
    });
  },
};

function portOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw usageError(`--port must be a number from 1 to 65535, found "${text}"`);
}
