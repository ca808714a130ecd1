import { isDeepStrictEqual } from "node:util";
import type { Pin } from "../../../model/pin";
import { commitAmong, shortCommit } from "../../stack/cluster/commits";
import type { Application, Deployment, Source } from "../../stack/cluster/reader";
import { oneLine, reasonsOf } from "../../stack/cluster/report";
import { deploysChart, type Payload } from "./payload";

/** How a cluster stands to what it should have. */
export type Standing =
  /** It has exactly this, Synced and Healthy; `since` is undefined where the cluster does not say since when. */
  | { state: "good"; since: Date | undefined }
  /** Not yet. */
  | { state: "waiting"; why: string }
  /** It has this, and it does not work. */
  | { state: "bad"; why: string }
  | { state: "unreachable"; why: string };

/** What a cluster should have: a pin, and the content of the step that it came with. */
export interface Wanted {
  name: string;
  pin: Pin;
  payload: Payload;
}

/** How often a sync that fails is tried again before it counts as failed: the first tries may meet a webhook that is not up yet. */
const patience = 2;

/** How the Application of a component stands to a pin. */
export async function standingOf(application: Application | undefined, wanted: Wanted): Promise<Standing> {
  const { name, pin, payload } = wanted;
  if (application === undefined) return { state: "waiting", why: `has no Application ${name} yet` };
  const { revisions, sync, health, phase, operation, current, deleting } = application;
  if (deleting) return { state: "waiting", why: `is removing the Application ${name}` };
  const at = revisions.length === 0 ? "no commit" : shortCommit(commitAmong(revisions));
  const isThis = revisions.length > 0 && (await payload.isAt(revisions));
  if (isThis === undefined) return { state: "waiting", why: `is at ${at}, a commit that this checkout does not have` };
  if (!isThis || !current || !deploysChart(application.sources, pin)) {
    return { state: "waiting", why: withReason(`is at ${at} and has not taken the pin yet`, application) };
  }
  const operated = operation !== undefined && (await payload.isAt(operation.revisions)) === true;
  if (operated && sync !== "Synced" && (phase === "Failed" || phase === "Error")) {
    return { state: "bad", why: withReason("fails to sync it", application) };
  }
  if (phase === "Running" || application.operating) {
    const retries = operated ? operation.retries : 0;
    if (retries > patience)
      return { state: "bad", why: withReason(`fails to sync it, ${retries} times now`, application) };
    return { state: "waiting", why: retries > 0 ? withReason("is syncing it again", application) : "is syncing it" };
  }
  if (sync !== "Synced") return { state: "waiting", why: withReason(`is ${sync}`, application) };
  if (health === "Degraded") return { state: "bad", why: withReason("is Degraded", application) };
  if (health !== "Healthy") return { state: "waiting", why: withReason(`is ${health}`, application) };
  return { state: "good", since: await since(application, payload) };
}

function withReason(words: string, application: Application): string {
  const [reason] = reasonsOf(application);
  return reason === undefined ? words : `${words}: ${oneLine(reason)}`;
}

/**
 * Since when it has exactly this, Healthy: the first of the syncs in a row that had this content, and the last change of its health.
 * Where the sync before was of another content and no later one was needed, the objects are the same: then it is since that sync, but
 * not since before the content came into Git.
 */
async function since(application: Application, payload: Payload): Promise<Date | undefined> {
  const { healthSince, history, sources } = application;
  if (healthSince === undefined) return undefined;
  let first: Deployment | undefined;
  for (const entry of [...history].reverse()) {
    if (!isSame(entry.sources, sources) || (await payload.isAt(entry.revisions)) !== true) break;
    first = entry;
  }
  const deployed = first?.at ?? later(history.at(-1)?.at ?? new Date(0), await payload.since());
  return later(deployed, healthSince);
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}

/** What they deploy from; the other settings of a source follow from bootstrap, not from a pin. */
function isSame(a: readonly Source[], b: readonly Source[]): boolean {
  const facts = (all: readonly Source[]) =>
    all.map(({ chart, path, targetRevision }) => ({ chart, path, targetRevision }));
  return isDeepStrictEqual(facts(a), facts(b));
}
