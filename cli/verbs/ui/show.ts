import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { Directory } from "../../../model/directory";
import { readTree, type Tree } from "../../../model/tree";
import type { Context } from "../../command";
import { readContexts } from "../../stack/kubeconfig/contexts";
import { homeOf } from "../../stack/paths";
import { failure } from "../../terminal/fail";
import { typedName } from "./launcher";
import { createProgress } from "../../terminal/progress";
import { count } from "../../terminal/table";
import { Answers } from "./answers/answers";
import type { ChartSettings } from "./answers/values";
import { dataFile, pageFile, writeSnapshot } from "./export/write";
import { gather } from "./export/gather";
import { Fleet } from "./fleet/fleet";
import { Observation } from "./fleet/observe";
import { contextSources, stackSources, type ClusterSource } from "./fleet/sources";
import { bundlePage } from "./server/assets";
import { serve } from "./server/server";
import type { FleetView } from "./views";

/** What the page was asked to show, and how. */
export interface Wanted {
  stacks: readonly string[];
  /** Patterns of contexts; with some of them there are no stacks. */
  contexts: readonly string[];
  kubeconfig: string | undefined;
  port: number;
  acts: boolean;
  /** Where a snapshot goes; without it the page is served. */
  target: string | undefined;
  json: boolean;
  settings: ChartSettings;
}

/** Serves the page until the user stops it, or writes a snapshot; returns the exit code. */
export async function showFleet(context: Context, wanted: Wanted): Promise<number> {
  const { io } = context;
  const root = context.root();
  // The page is needed most when something is broken, so faults of the tree do not matter here.
  const tree = readTree(new Directory(root));
  const sources = sourcesOf(context, wanted, tree);
  const stop = new AbortController();
  const stopped = new Promise<void>((done) => stop.signal.addEventListener("abort", () => done()));
  const release = io.onInterrupt(() => stop.abort());
  try {
    const rings = new Map([...tree.stages].map(([name, stage]) => [name, stage.rings]));
    const fleet = new Fleet(sources, rings);
    const observation = new Observation(fleet, sources, stop.signal);
    const { charts, offline } = wanted.settings;
    const settings = { ...(charts !== undefined && { charts: resolve(io.cwd, charts) }), offline };
    const answers = new Answers({ fleet, sources, observation, root, io, settings, signal: stop.signal });
    if (wanted.target !== undefined) return await exportTo(wanted.target, context, answers, wanted.json);
    return await serveUntil(stopped, context, answers, typedName(io, root), wanted);
  } finally {
    stop.abort();
    release();
  }
}

function sourcesOf({ io, root }: Context, wanted: Wanted, { clusters }: Tree): ClusterSource[] {
  if (wanted.contexts.length > 0) {
    const read = () => readContexts(io, wanted.kubeconfig);
    return contextSources(read(), wanted.contexts, clusters, read);
  }
  const sources = stackSources(homeOf(root()), wanted.stacks);
  if (sources.length > 0) return sources;
  throw failure(
    "there is no cluster yet; make one with `onebranch up <stack>`, or show those of a kubeconfig with --contexts NAME",
  );
}

async function serveUntil(
  stopped: Promise<void>,
  { io }: Context,
  answers: Answers,
  tool: string,
  { port, acts, json }: Wanted,
): Promise<number> {
  const log = (line: string) => io.err(`${io.date().toISOString()} ${line}\n`);
  const shown = { answers, assets: bundlePage(), tool, ...(acts && { log }) };
  const { url, close } = await serve(shown, randomBytes(24).toString("base64url"), port).catch((error) => {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw failure(`port ${port} is in use; leave out --port to get a free one`);
  });
  const clusters = answers.known.sources.map(({ name }) => name);
  if (json) io.out(`${JSON.stringify({ url, clusters })}\n`);
  else {
    io.out(`${url}\n`);
    const may = acts ? "and can ask for a refresh or a sync" : "read only";
    io.err(`shows ${count(clusters.length, "cluster")}, ${may}; keep the address to yourself; Ctrl-C ends it\n`);
  }
  await stopped;
  await close();
  return 0;
}

/** How long a cluster may take to be reached, in milliseconds. */
const patience = 20_000;

async function exportTo(target: string, { io }: Context, answers: Answers, json: boolean): Promise<number> {
  const directory = resolve(io.cwd, target);
  const progress = createProgress(io);
  try {
    progress.waiting("the clusters");
    const end = io.now() + patience;
    const isDecided = () => answers.fleet().clusters.every(({ link }) => link.state !== "connecting");
    while (!isDecided() && io.now() < end && !answers.known.signal.aborted) await io.sleep(50);
    for (const { name, link } of answers.fleet().clusters)
      if (link.state === "connecting") answers.known.fleet.lost(name, `no answer within ${patience / 1000} s`);
    const snapshot = await gather(answers, (what) => progress.waiting(what));
    answers.known.signal.throwIfAborted();
    writeSnapshot(directory, snapshot, bundlePage());
    progress.stop();
    const written = snapshot.views["/fleet"] as FleetView;
    const lost = written.clusters.filter(({ link }) => link.state !== "live");
    const clusters = answers.known.sources.map(({ name }) => name);
    if (json) io.out(`${JSON.stringify({ directory, files: [pageFile, dataFile], clusters, at: snapshot.at })}\n`);
    else io.out(`wrote ${target}/${pageFile} and ${dataFile}: ${count(clusters.length, "cluster")}\n`);
    for (const { name, link } of lost) io.err(`${name} is in it as not reached: ${link.why}\n`);
    return 0;
  } finally {
    progress.stop();
  }
}
