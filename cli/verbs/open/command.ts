import type { Command } from "../../command";
import { usageError } from "../../terminal/fail";
import { stackOperand } from "../../stack/options";
import { onStackUntilInterrupted } from "../../stack/task";

/** `onebranch open`: the way to the Argo CD of a cluster for a person. */
export const open: Command = {
  summary: "open the Argo CD of a cluster: forward a port where that is needed, print the login, start the browser",
  usage: "open <stack> [options]",
  operands: { min: 1, max: 1 },
  options: {
    port: {
      value: "PORT",
      summary: "port of this machine to forward (default: the one that Argo CD expects, else a free one)",
    },
    "no-browser": { summary: "do not start a browser" },
  },
  examples: [
    { line: "onebranch open dev", why: "Ctrl-C ends the port-forward, where one is needed" },
    {
      line: "onebranch open prod --port 9443 --no-browser",
      why: "at a port of your own, in a terminal without a screen",
    },
  ],
  async run(input, context) {
    const stack = stackOperand(input);
    const port = portOf(input.text("port"));
    const { openArgoCd } = require("./open-argocd") as typeof import("./open-argocd");
    const request = { port, browser: !input.flag("no-browser"), json: input.flag("json") };
    return onStackUntilInterrupted(context, "open", stack, (task) => openArgoCd(task, request));
  },
};

function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65535) return port;
  throw usageError(`--port must be a port from 1 to 65535, found "${text}"`);
}
