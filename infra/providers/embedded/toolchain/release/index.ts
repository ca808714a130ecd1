import type { Report } from "../build-events";
import { checkMachine } from "../checks";
import { StoppedError, ToolchainError } from "../errors";
import type { Host } from "../host";
import type { Part } from "../parts";
import { partStatus, type PartStatus } from "../part-status";
import { MissingRelease } from "./download";
import { releaseEntryOf, type ReleaseEntry } from "./entry";
import { installRelease } from "./install";
import { probe } from "./probe";
import { releaseSettings } from "./settings";

/**
 * Takes release files for the parts that would have to be built, where they are wanted, published and in reach. One look of two
 * seconds decides about the last. Gives the parts that were taken; what is left to build keeps its state.
 */
export async function installReleases(
  statuses: PartStatus[],
  host: Host,
  report: Report,
  signal?: AbortSignal,
): Promise<ReadonlySet<Part>> {
  const taken = new Set<Part>();
  const entries: { status: PartStatus; entry: ReleaseEntry }[] = [];
  for (const status of statuses) {
    if (status.state !== "build" || status.part === "renderer") continue;
    const entry = await releaseEntryOf(status.part, host);
    if (entry !== undefined) entries.push({ status, entry });
  }
  const [first] = entries;
  if (first === undefined) return taken;
  const { mirror } = releaseSettings(host.env);
  const urls = entries.flatMap(({ entry }) => entry.files.map(({ url, checksums }) => mirror(checksums ?? url)));
  const reason = await probe(urls, host.probe);
  if (reason !== undefined) {
    const note = `release files are out of reach (${reason}), so the programs are built from their sources`;
    report(first.status.part, "unreachable", { note });
    return taken;
  }
  const faults = await checkMachine(
    entries.flatMap(({ entry }) => entry.standin ?? []),
    host,
  );
  if (faults.length > 0) throw new ToolchainError(faults);
  for (const { status, entry } of entries) {
    if (signal?.aborted) throw new StoppedError();
    if (!(await take(status.part, entry, host, report, signal))) continue;
    Object.assign(status, await partStatus(status.part, host));
    taken.add(status.part);
  }
  return taken;
}

/** False where a publisher has no such file. */
async function take(
  part: Part,
  entry: ReleaseEntry,
  host: Host,
  report: Report,
  signal?: AbortSignal,
): Promise<boolean> {
  const began = performance.now();
  const elapsedSeconds = () => (performance.now() - began) / 1000;
  let bytes = { received: 0, all: 0 };
  const heartbeat = setInterval(
    () => report(part, "fetching", { elapsedSeconds: elapsedSeconds(), bytes }),
    host.heartbeat,
  );
  try {
    await installRelease(entry, {
      host,
      signal,
      waiting: ({ pid }) => report(part, "waiting", { note: `another process that fetches it, ${pid}` }),
      received: (received, all) => (bytes = { received, all: Math.max(received, all) }),
    });
  } catch (error) {
    if (!(error instanceof MissingRelease)) throw error;
    report(part, "unreachable", { note: `${error.message}, so ${part} is built from its sources` });
    return false;
  } finally {
    clearInterval(heartbeat);
  }
  report(part, "fetched", { elapsedSeconds: elapsedSeconds(), note: `${(bytes.received / 1e6).toFixed(0)} MB` });
  return true;
}
