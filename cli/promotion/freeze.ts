import { readTree } from "../../model/tree";
import type { TreeSource } from "../../model/tree-source";
import { freezeAt, timeWords, type Freeze } from "../../model/sync-window";
import { failure, oneOf } from "../terminal/fail";

/** A freeze of a stage that a promotion goes through all the same. */
export interface BrokenFreeze {
  stage: string;
  freeze: Freeze;
  reason: string;
}

/** What holds back syncs of a stage now; undefined when nothing does. */
export function freezeOf(source: TreeSource, stage: string, now: Date): Freeze | undefined {
  return freezeAt(readTree(source).stages.get(stage)?.syncWindows ?? [], now);
}

/** `prod is frozen until 2027-01-02 18:00 Europe/Berlin (deny 0 18 24 12 * for 216h in gitops/stages/prod.yaml)`. */
export function freezeWords(stage: string, { until, windows, manual }: Freeze): string {
  const end = until === undefined ? "with no end in sight" : `until ${timeWords(until, windows[0]?.timeZone)}`;
  const kinds = windows.map(({ kind, schedule, duration }) => `${kind} ${schedule} for ${duration}`);
  const what = windows[0]?.kind === "allow" ? `outside ${oneOf(kinds)}` : kinds.join(", ");
  const byHand = manual ? "; a person may sync by hand" : "";
  return `${stage} is frozen ${end} (${what} in gitops/stages/${stage}.yaml${byHand})`;
}

/**
 * Refuses what would reach a stage while it is frozen.
 * @param reason why it is done all the same
 * @returns the freeze and the reason, where there is a freeze
 */
export function refuseFrozen(
  source: TreeSource,
  stage: string,
  now: Date,
  reason: string | undefined,
): BrokenFreeze | undefined {
  const freeze = freezeOf(source, stage, now);
  if (freeze === undefined) return undefined;
  if (reason !== undefined) return { stage, freeze, reason };
  const wait = freeze.until === undefined ? "change the windows" : "wait until then";
  throw failure(`${freezeWords(stage, freeze)}; ${wait}, or say with --during-freeze REASON why it cannot wait`);
}

/** What a commit says of a freeze that it goes through. */
export function freezeLine({ stage, freeze, reason }: BrokenFreeze): string {
  return `During a freeze: ${reason} (${freezeWords(stage, freeze)})`;
}
