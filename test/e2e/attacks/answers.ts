import { setTimeout as sleep } from "node:timers/promises";
import { notLookedAt, type ArgoObject } from "./argo-objects";
import type { Pushed } from "./batches";
import type { AttackedCluster } from "./cluster";

/** Seconds in which Argo CD comes to the end of so many attempts, on a machine that does other things too. */
export function patience(attempts: number): number {
  return 240 + 10 * attempts;
}

/**
 * Looks at the clusters until Argo CD has answered each attempt of a commit, at most `seconds`; the attempts without an answer,
 * with what is missing. All are looked at together: a message may stay only until Argo CD compares again, and one that never comes
 * must not make each of the others wait.
 */
export async function withoutAnswer(
  batch: readonly Pushed[],
  clusters: Record<"dev" | "prod", AttackedCluster>,
  moment: number,
  seconds: number,
): Promise<ReadonlyMap<Pushed, string>> {
  const missing = new Map<Pushed, string>(batch.map((attempt) => [attempt, "Argo CD was not asked"]));
  for (let told = moment; missing.size > 0 && Date.now() < moment + seconds * 1000; await sleep(500)) {
    for (const name of ["dev", "prod"] as const) {
      const waiting = [...missing.keys()].filter(({ cluster }) => (cluster.in ?? "dev") === name);
      if (waiting.length === 0) continue;
      const objects = read(clusters[name]);
      for (const attempt of waiting) {
        const lacks = typeof objects === "string" ? objects : lackOf(attempt, objects, moment);
        if (lacks === undefined) missing.delete(attempt);
        else missing.set(attempt, lacks);
      }
    }
    if (missing.size === 0 || Date.now() < told + 30_000) continue;
    told = Date.now();
    const ids = [...missing.keys()].map(({ id }) => id).join(", ");
    console.log(`      ${Math.round((told - moment) / 1000)} of at most ${seconds} s: Argo CD has not answered ${ids}`);
  }
  return missing;
}

/** The answer of a busy API server may fail; it is asked again. */
function read(cluster: AttackedCluster): ArgoObject[] | string {
  try {
    return cluster.argoObjects();
  } catch (error) {
    return (error as Error).message;
  }
}

function lackOf({ cluster: { at, says } }: Pushed, objects: readonly ArgoObject[], moment: number): string | undefined {
  if (says) {
    const said = saidBy(objects, at);
    return says.test(said) ? undefined : `${at} should say ${says}, says: ${said}`;
  }
  const late = notLookedAt(objects, moment);
  return late.length === 0 ? undefined : `Argo CD should have looked at ${late.join(", ")}`;
}

/** Everything that Argo CD says about an object of its own, or about all of them. */
function saidBy(objects: readonly ArgoObject[], at: string | undefined): string {
  return objects
    .filter(({ kind, metadata }) => at === undefined || `${kind} ${metadata.name}` === at)
    .flatMap(({ status }) => [
      ...(status?.conditions ?? []).map(({ message }) => message),
      status?.operationState?.message,
      ...(status?.operationState?.syncResult?.resources ?? []).map(({ message }) => message),
    ])
    .filter(Boolean)
    .join("\n");
}
