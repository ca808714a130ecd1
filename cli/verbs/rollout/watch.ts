import type { Context } from "../../command";
import { oneLine } from "../../stack/cluster/report";
import { stuckIn } from "../../stack/cluster/stuck";
import type { LiveTable } from "../../terminal/live-table";
import { formatDuration } from "../../terminal/table";
import { stepName, type Step } from "../../tree/ring-steps";
import type { Look, Watched } from "../../promotion/clusters/look";
import { missing, type Soak } from "../../promotion/soak";
import type { Wanted } from "../../promotion/clusters/standing";

/** What the clusters of a step are watched for. */
export interface Watch {
  step: Step;
  clusters: readonly Watched[];
  wanted: Wanted;
  /** The commit that Argo CD is asked to look at. */
  commit: string;
  timeout: number;
  /** How long it has to be good before it counts. */
  soak?: Soak | undefined;
  /** It is watched back to what it had: what is still bad then is what it comes from. */
  back?: boolean;
}

export type Outcome =
  | { ok: true }
  /** `unknown`: no cluster could be asked, so nothing is known of any of them. */
  | { ok: false; unknown: boolean; reasons: string[] };

const pause = 1000;
/** How long it has to be bad before it counts: Argo CD judges health and sync one after the other. */
const badPatience = 5000;

/** Watches the clusters of a step until each of them has it, Synced and Healthy, for as long as the soak says; or until one of them cannot. */
export async function watch({ io }: Context, table: LiveTable, signal: AbortSignal, watched: Watch): Promise<Outcome> {
  const { step, clusters, wanted, commit, timeout, soak, back = false } = watched;
  const bad = new Map<string, number>();
  const begun = io.now();
  let deadline = begun + timeout;
  for (;;) {
    const looks = await Promise.all(clusters.map((cluster) => cluster.look(wanted, { commit, back })));
    signal.throwIfAborted();
    const states = looks.map((look, index) => ({ look, cluster: clusters[index]! }));
    const waits = states.flatMap(({ look, cluster }) => {
      const reason = missing(look.standing, soak ?? { text: "", milliseconds: 0 }, io.date());
      return reason === undefined ? [] : [{ look, cluster, reason }];
    });
    table.show(rowsOf(step, states, waits, io.live ? formatDuration(io.now() - begun) : undefined));
    if (waits.length === 0) return { ok: true };
    for (const { look, cluster } of states) {
      if (look.standing.state !== "bad") bad.delete(cluster.name);
      else if (!bad.has(cluster.name)) bad.set(cluster.name, io.now());
    }
    const isGood = ({ look }: { look: Look }) => look.standing.state === "good";
    // While it soaks, time is not short.
    if (states.every(isGood)) deadline = io.now() + timeout;
    const failed = back
      ? []
      : waits.filter(({ cluster }) => io.now() - (bad.get(cluster.name) ?? Infinity) >= badPatience);
    const late = io.now() > deadline ? waits.filter((one) => !isGood(one)) : [];
    if (failed.length > 0 || late.length > 0) {
      const unknown = looks.every(({ standing }) => standing.state === "unreachable");
      const found = failed.length > 0 ? failed : late;
      const limit = failed.length > 0 ? "" : `, and ${formatDuration(timeout)} are over`;
      const reasons = found.map(async ({ look, cluster, reason }) => [
        `${cluster.name} ${reason}${limit}`,
        ...(await details(look, cluster, wanted.name)),
      ]);
      return { ok: false, unknown, reasons: (await Promise.all(reasons)).flat() };
    }
    await io.sleep(pause);
    signal.throwIfAborted();
  }
}

/** How many events are told of a cluster. */
const mostWarnings = 5;

/** What the failing resources say, and what Kubernetes warns of beside them. */
async function details({ application, sets }: Look, cluster: Watched, component: string): Promise<string[]> {
  const stuck = stuckIn([], sets).filter(({ why }) => why.includes(`/${component}/`));
  const troubles = application?.troubles ?? [];
  const { namespace } = application ?? {};
  const words = application === undefined ? [] : await cluster.ownWords(application);
  const warnings = namespace === undefined ? [] : await cluster.warnings(namespace);
  const events = warnings.map(({ kind, name, reason, message }) => `${kind} ${name}: ${reason}: ${oneLine(message)}`);
  const lines = [
    ...stuck.map(({ why }) => oneLine(why)),
    ...troubles.map(({ kind, name, sync, health, message }) => {
      const words = [sync, health].filter((word) => word !== "Synced" && word !== "Healthy").join(", ");
      return `${kind} ${name} is ${words}${message === "" ? "" : `: ${oneLine(message)}`}`;
    }),
    ...words.map(oneLine),
    ...[...new Set(events)].slice(-mostWarnings),
  ];
  return lines.map((line) => `  ${line}`);
}

function rowsOf(
  step: Step,
  states: readonly { look: Look; cluster: Watched }[],
  waits: readonly { cluster: Watched; reason: string }[],
  time: string | undefined,
): string[] {
  const width = Math.max(...states.map(({ cluster }) => cluster.name.length), 0);
  const rows = states.map(({ cluster }) => {
    const reason = waits.find((one) => one.cluster === cluster)?.reason ?? "has it, Synced and Healthy";
    return `${stepName(step)}  ${cluster.name.padEnd(width)}  ${reason}`;
  });
  return time === undefined ? rows : [...rows, `${states.length - waits.length} of ${states.length} (${time})`];
}
