import { buildEntry } from "./build";
import { linkPrograms, type Entry } from "./cache";
import { checkMachine } from "./checks";
import { StoppedError, ToolchainError } from "./errors";
import { defaultHost, type Host } from "./host";
import { downloadPlugin, installedPulumi, missingPlugins } from "./installed";
import { allParts, versions, type Part } from "./parts";
import { manifestsDirectory, partStatus, partStatuses, type PartStatus } from "./part-status";
import type { BuildEvent, State } from "./build-events";
import { progressMeter } from "./progress";

export { StoppedError, ToolchainError, UsageError } from "./errors";
export { allParts, programParts, type Part } from "./parts";
export { formatBuildEvent, buildEventPrinter, type BuildEvent } from "./build-events";

export interface Toolchain {
  /** one directory for PATH with the programs of clusters that we built, each under the name it is called by */
  bin: string;
  /** the same with Pulumi and its plugins, for the PATH of a run alone: what we build of them is not all of Pulumi */
  runBin: string;
  /** Argo CD's crds/*.yaml and config/*.yaml */
  manifests: string;
  versions: typeof versions;
}

export interface FindOptions {
  parts?: readonly Part[];
  /** PATH, HOME, PULUMI_HOME and ONEBRANCH_CACHE of the process that will use the programs */
  env?: NodeJS.ProcessEnv;
  /** replaces single properties of the machine, in tests */
  host?: Partial<Host>;
}

export interface EnsureOptions extends FindOptions {
  onEvent: (event: BuildEvent) => void;
  signal?: AbortSignal;
}

/** What has to be built, in order; empty = ready. */
export async function missingParts(
  parts: readonly Part[] = allParts,
  options: Omit<FindOptions, "parts"> = {},
): Promise<Part[]> {
  const statuses = await partStatuses(parts, hostOf(options));
  return statuses.filter(({ state }) => state === "build").map(({ part }) => part);
}

/** The toolchain, if nothing has to be built for it; otherwise the caller must say: run `make toolchain`. */
export async function findToolchain(options: FindOptions = {}): Promise<Toolchain | undefined> {
  const host = hostOf(options);
  const statuses = await partStatuses(options.parts ?? allParts, host);
  return statuses.some(({ state }) => state === "build") ? undefined : assemble(statuses, host);
}

/** Builds what is missing, one part after the other, and gives the whole. */
export async function ensureToolchain(options: EnsureOptions): Promise<Toolchain> {
  const { signal } = options;
  const host = hostOf(options);
  const statuses = await partStatuses(options.parts ?? allParts, host);
  const report = reporter(statuses, options.onEvent);
  await download(statuses, host, report, signal);
  if (signal?.aborted) throw new StoppedError();
  const builds = statuses.filter(({ state }) => state === "build").flatMap(({ entry }) => entry?.target ?? []);
  const faults = await checkMachine(builds, host);
  if (faults.length > 0) throw new ToolchainError(faults);
  for (const each of statuses) {
    if (each.state === "build" && each.entry) await buildPart(each.entry, host, report, signal);
    else report(each.part, each.state === "installed" ? "installed" : "cached", { note: each.note });
  }
  return assemble(statuses, host);
}

type Report = (part: Part, state: State, more?: Partial<BuildEvent>) => void;

function reporter(statuses: PartStatus[], onEvent: EnsureOptions["onEvent"]): Report {
  return (part, state, more = {}) => {
    const at = statuses.findIndex((each) => each.part === part);
    onEvent({
      part,
      index: at + 1,
      total: statuses.length,
      remaining: statuses.slice(at + 1).filter((each) => each.state === "build").length,
      expectedSeconds: statuses[at]?.entry?.target.seconds ?? 0,
      elapsedSeconds: 0,
      state,
      ...more,
    });
  };
}

/** An installed pulumi may fetch its plugins in seconds. Where one download fails, the next would fail the same way. */
async function download(statuses: PartStatus[], host: Host, report: Report, signal?: AbortSignal): Promise<void> {
  const wanted = statuses.find(({ part, state }) => part === "pulumi" && state === "build");
  if (!wanted || (await installedPulumi(host)) === undefined) return;
  for (const plugin of await missingPlugins(host)) {
    report("pulumi", "downloading", { note: `the ${plugin} plugin` });
    if (signal?.aborted || !(await downloadPlugin(plugin, host, signal))) break;
  }
  Object.assign(wanted, { entry: undefined, note: undefined }, await partStatus("pulumi", host));
}

async function buildPart(entry: Entry, host: Host, report: Report, signal?: AbortSignal): Promise<void> {
  const { part } = entry.target;
  let began: number | undefined;
  const measure = progressMeter();
  const elapsedSeconds = () => (began === undefined ? 0 : (performance.now() - began) / 1000);
  const heartbeat = setInterval(() => {
    if (began !== undefined) report(part, "running", { elapsedSeconds: elapsedSeconds(), progress: measure.progress });
  }, host.heartbeat);
  try {
    await buildEntry(entry, {
      host,
      signal,
      waiting: ({ pid }) => report(part, "waiting", { note: `another build of it on this machine, process ${pid}` }),
      started: () => {
        began = performance.now();
        report(part, "start");
      },
      compiled: measure.compiled,
    });
  } finally {
    clearInterval(heartbeat);
  }
  if (began === undefined) report(part, "cached");
  else report(part, "done", { elapsedSeconds: elapsedSeconds() });
}

async function assemble(statuses: PartStatus[], host: Host): Promise<Toolchain> {
  const entries = statuses.flatMap(({ entry }) => entry ?? []);
  const isForRuns = ({ target }: Entry) => target.part === "pulumi";
  const [bin, runBin] = await Promise.all([
    linkPrograms(
      "bin",
      entries.filter((entry) => !isForRuns(entry)),
      host,
    ),
    linkPrograms("run-bin", entries.filter(isForRuns), host),
  ]);
  return { bin, runBin, manifests: await manifestsDirectory(statuses, host), versions };
}

function hostOf({ env, host }: FindOptions): Host {
  return { ...defaultHost(env), ...host };
}
