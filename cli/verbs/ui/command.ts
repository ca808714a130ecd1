import type { Command } from "../../command";
import { usageError } from "../../terminal/fail";

/** `onebranch ui`: all clusters on one page. */
export const ui: Command = {
  summary: "show all clusters on one page in the browser, live; serves it on this machine until Ctrl-C",
  usage: "ui [stack...] [options]",
  operands: { min: 0, max: Infinity },
  options: {
    port: { value: "NUMBER", summary: "where it listens on 127.0.0.1 (default: any free port)" },
  },
  examples: [
    { line: "onebranch ui", why: "every cluster of this checkout; open the address that it prints" },
    { line: "onebranch ui dev staging --port 8300", why: "two of them, at a port that stays the same" },
    { line: "onebranch ui --json", why: "the address as JSON, for a script that reads the views from there" },
  ],
  async run(input, context) {
    const port = portOf(input.text("port"));
    const { showFleet } = require("./show") as typeof import("./show");
    return showFleet(context, { stacks: input.operands, port, json: input.flag("json") });
  },
};

function portOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw usageError(`--port must be a number from 1 to 65535, found "${text}"`);
}
