import { progressMeter } from "../../../../machine/build-progress";
import { buildEntries } from "./build";
import { linkPrograms, type Entry } from "./cache";
import { checkMachine } from "./checks";
import { StoppedError, ToolchainError } from "./errors";
import { defaultHost, type Host } from "./host";
import { downloadPlugin, installedPulumi, missingPlugins } from "./installed";
import { allParts, moduleParts, versions, type Part } from "./parts";
import { manifestsDirectory, partStatus, partStatuses, type PartStatus } from "./part-status";
import type { BuildEvent, Report } from "./build-events";
import { installReleases } from "./release";

export { StoppedError, ToolchainError, UsageError } from "./errors";
export { allParts, programParts, type Part } from "./parts";
export { exposedByArgoCd } from "./release/exposed";
export { formatBuildEvent, buildEventPrinter, isPassing, type BuildEvent } from "./build-events";

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
  /** default: what runs need; `ensureToolchain` builds the renderer too */
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
  parts: readonly Part[] = moduleParts,
  options: Omit<FindOptions, "parts"> = {},
): Promise<Part[]> {
  const statuses = await partStatuses(parts, hostOf(options));
  return statuses.filter(({ state }) => state === "build").map(({ part }) => part);
}

/** The toolchain, if nothing has to be built for it; otherwise the caller must say: run `make toolchain`. */
export async function findToolchain(options: FindOptions = {}): Promise<Toolchain | undefined> {
  const host = hostOf(options);
  const statuses = await partStatuses(options.parts ?? moduleParts, host);
  return statuses.some(({ state }) => state === "build") ? undefined : assemble(statuses, host);
}

/** Builds what is missing, in the order of the parts, and gives the whole. */
export async function ensureToolchain(options: EnsureOptions): Promise<Toolchain> {
  const { signal } = options;
  const host = hostOf(options);
  const statuses = await partStatuses(options.parts ?? allParts, host);
  const report = reporter(statuses, options.onEvent);
  await download(statuses, host, report, signal);
  if (signal?.aborted) throw new StoppedError();
  const fetched = await installReleases(statuses, host, report, signal);
  const builds = statuses.flatMap(({ state, entry }) => (state === "build" && entry ? [entry] : []));
  const faults = await checkMachine(
    builds.map(({ target }) => target),
    host,
  );
  if (faults.length > 0) throw new ToolchainError(faults);
  for (const { part, state, note } of statuses) {
    if (state !== "build" && !fetched.has(part)) report(part, state, { note });
  }
  if (builds.length > 0) await build(builds, host, report, signal);
  return assemble(statuses, host);
}

function reporter(statuses: PartStatus[], onEvent: EnsureOptions["onEvent"]): Report {
  return (part, state, more = {}) => {
    const at = statuses.findIndex((each) => each.part === part);
    onEvent({
      part,
      index: at + 1,
      total: statuses.length,
      remaining: statuses.slice(at + 1).filter((each) => each.state === "build").length,
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

async function build(entries: Entry[], host: Host, report: Report, signal?: AbortSignal): Promise<void> {
  const guess = (builds: readonly Entry[]) => builds.reduce((sum, { target }) => sum + target.packages, 0);
  let meter = progressMeter(guess(entries));
  /** The last one whose turn came. */
  let at: { part: Part; note?: string } | undefined;
  const began = new Map<Part, number>();
  const begin = (part: Part, note?: string) => {
    at = { part, note };
    began.set(part, performance.now());
  };
  const seconds = (part: Part) => (performance.now() - (began.get(part) ?? 0)) / 1000;
  const heartbeat = setInterval(() => {
    if (at === undefined) return;
    report(at.part, "running", { elapsedSeconds: seconds(at.part), progress: meter.progress, note: at.note });
  }, host.heartbeat);
  try {
    await buildEntries(entries, {
      host,
      signal,
      watch: {
        waiting: ({ target: { part } }, { pid }) =>
          report(part, "waiting", { note: `another build of it on this machine, process ${pid}` }),
        began(missing) {
          for (const { target } of entries.filter((entry) => !missing.includes(entry))) report(target.part, "cached");
          const [first] = missing;
          if (first === undefined) return;
          meter = progressMeter(guess(missing));
          begin(first.target.part, "fetching sources");
          const note = missing.map(({ target }) => target.part).join(", ");
          report(first.target.part, "plan", { note, progress: meter.progress });
        },
        compiled: (packages) => meter.compile(packages),
        counted: (packages) => meter.remain(packages),
        started({ target: { part } }) {
          begin(part);
          report(part, "start");
        },
        finished: ({ target: { part } }) => report(part, "done", { elapsedSeconds: seconds(part) }),
      },
    });
  } finally {
    clearInterval(heartbeat);
  }
}

async function assemble(statuses: PartStatus[], host: Host): Promise<Toolchain> {
  const entries = statuses.flatMap(({ entry }) => entry ?? []);
  const isForRuns = ({ target }: Entry) => target.part === "pulumi";
  // The renderer is nobody's command: the tool finds it by its sources.
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
