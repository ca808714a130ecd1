/**
 * Replays that do the same at dozens of places. `make replays` (ONEBRANCH_REPLAYS=all) goes through all of them, `make e2e`
 * through the first of each three.
 */
const every = process.env.ONEBRANCH_REPLAYS === "all" ? 1 : 3;

/** Whether a replay stops at a place, which is counted from 0. */
export function isReplayed(index: number): boolean {
  return index % every === 0;
}

/** The rows of a table that are replayed. */
export function partOf<T>(rows: readonly T[]): T[] {
  return rows.filter((_, index) => isReplayed(index));
}

/** Says which part of a replay was done. */
export function sayPart(done: number, all: number, what: string): void {
  if (done < all) console.log(`      ${done} of ${all} ${what}; make replays does all of them`);
}
