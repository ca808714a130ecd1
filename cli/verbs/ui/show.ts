import { randomBytes } from "node:crypto";
import { Directory } from "../../../model/directory";
import { todayOf } from "../../../model/exception";
import { readTree } from "../../../model/tree";
import type { Context } from "../../command";
import { homeOf } from "../../stack/paths";
import { failure } from "../../terminal/fail";
import { count } from "../../terminal/table";
import { Fleet } from "./fleet/fleet";
import { Observation } from "./fleet/observe";
import { stackSources } from "./fleet/sources";
import { bundlePage } from "./server/assets";
import { serve } from "./server/server";

/** Serves the page until the user stops it; returns the exit code. */
export async function showFleet(
  { io, root }: Context,
  { stacks, port, json }: { stacks: readonly string[]; port: number; json: boolean },
): Promise<number> {
  const home = homeOf(root());
  const sources = stackSources(home, stacks);
  if (sources.length === 0) throw failure("there is no cluster yet; make one with `onebranch up <stack>`");
  const stop = new AbortController();
  const stopped = new Promise<void>((resolve) => stop.signal.addEventListener("abort", () => resolve()));
  const release = io.onInterrupt(() => stop.abort());
  try {
    const fleet = new Fleet(sources, stagesOf(home.root));
    const observation = new Observation(fleet, sources, stop.signal);
    const shown = { fleet, sources, observation, assets: bundlePage(), root: home.root, today: () => todayOf() };
    const { url, close } = await serve(shown, randomBytes(24).toString("base64url"), port).catch((error) => {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
      throw failure(`port ${port} is in use; leave out --port to get a free one`);
    });
    const clusters = sources.map(({ name }) => name);
    if (json) io.out(`${JSON.stringify({ url, clusters })}\n`);
    else {
      io.out(`${url}\n`);
      io.err(`shows ${count(clusters.length, "cluster")}, read only; keep the address to yourself; Ctrl-C ends it\n`);
    }
    await stopped;
    await close();
    return 0;
  } finally {
    stop.abort();
    release();
  }
}

/** The stages in the order of promotion, as far as the tree can be read: the page is needed most when something is broken. */
function stagesOf(root: string): string[] {
  return [...readTree(new Directory(root)).stages.keys()];
}
