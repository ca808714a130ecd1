import type { Io } from "../../terminal/io";
import type { Progress } from "../../terminal/progress";
import { assess, type Assessment } from "./assess";
import type { Application, ApplicationSet, ClusterReader } from "./reader";
import { stuckIn } from "./stuck";

const pollInterval = 250;
/** How long a remedy has time to help before it is tried again, in milliseconds. */
const remedyInterval = 15_000;
/** How long the commit of the checkout is taken for granted, in milliseconds: asking Git starts a process. */
const commitAge = 1000;

/** What is waited for, and how. */
export interface WaitOptions {
  io: Io;
  progress: Progress;
  reader: ClusterReader;
  /** The commit to reach, asked again and again since somebody may commit meanwhile; undefined = whatever Argo CD sees. */
  commit: () => Promise<string | undefined>;
  /** Milliseconds. */
  timeout: number;
  signal: AbortSignal;
}

/** How the wait ended. */
export interface WaitResult {
  healthy: boolean;
  applications: readonly Application[];
  /** What was missing at the end; empty when healthy. */
  missing: readonly string[];
}

/**
 * Waits until Argo CD has brought everything to the commit: the bootstrap Application, every ApplicationSet it made
 * having generated its Applications from that commit, and each of those Synced and Healthy.
 */
export async function waitUntilHealthy(options: WaitOptions): Promise<WaitResult> {
  const { io, progress, reader, timeout, signal } = options;
  const deadline = io.now() + timeout;
  const commit = agedCommit(options);
  /** Refreshes asked for so far, so that each is asked for once per commit. */
  const asked = new Set<string>();
  let applications: Application[] = [];
  let remediedAt = io.now();
  for (;;) {
    let missing: readonly string[];
    try {
      let sets: ApplicationSet[];
      [applications, sets] = await Promise.all([reader.applications(), reader.applicationSets()]);
      const assessment = assess(applications, sets, await commit(), asked);
      missing = assessment.missing;
      if (missing.length === 0) return { healthy: true, applications, missing };
      await ask(reader, assessment, asked);
      if (io.now() - remediedAt >= remedyInterval) {
        remediedAt = io.now();
        for (const { remedy } of stuckIn(applications, sets)) await remedy?.run(reader);
      }
    } catch (error) {
      missing = [`the cluster does not answer: ${error instanceof Error ? error.message : String(error)}`];
    }
    signal.throwIfAborted();
    if (io.now() > deadline) return { healthy: false, applications, missing };
    progress.waiting(missing.length === 1 ? missing[0]! : `${missing[0]} and ${missing.length - 1} more`);
    await io.sleep(pollInterval);
    signal.throwIfAborted();
  }
}

async function ask(reader: ClusterReader, { refresh, generate }: Assessment, asked: Set<string>): Promise<void> {
  await Promise.all([
    ...refresh.map(async ({ name, key }) => {
      await reader.refreshApplication(name);
      asked.add(key);
    }),
    ...generate.map(async ({ name, key }) => {
      await reader.refreshApplicationSet(name);
      asked.add(key);
    }),
  ]);
}

function agedCommit({ io, commit }: WaitOptions): () => Promise<string | undefined> {
  let value: string | undefined;
  let at = -Infinity;
  return async () => {
    if (io.now() - at >= commitAge) {
      value = await commit();
      at = io.now();
    }
    return value;
  };
}
