import { states, type Cell, type Link, type State } from "../views";

/** How a state is shown: a sign and a ground that differ without colour, and words. */
export const shownStates: Readonly<Record<State, { sign: string; tone: string; words: string }>> = {
  failed: { sign: "✕", tone: "high", words: "failed" },
  drifted: { sign: "≠", tone: "medium", words: "out of sync" },
  unknown: { sign: "?", tone: "unknown", words: "unknown" },
  progressing: { sign: "…", tone: "change", words: "in progress" },
  suspended: { sign: "‖", tone: "quiet", words: "suspended" },
  good: { sign: "✓", tone: "add", words: "in sync and healthy" },
};

/** The worse, the smaller. */
export const rankOf = (state: State) => states.indexOf(state);

export const isTrouble = (state: State) => state !== "good" && state !== "suspended";

/** A commit as Git prints it. */
export const short = (revision: string) => (/^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : revision);

/** A cell in one sentence, for a screen reader and as a title. */
export function cellWords({ name, state, sync, health, version, revision }: Cell, cluster: string): string {
  const details = [sync, health, version, revision && `at ${short(revision)}`].filter(Boolean).join(", ");
  return `${name} in ${cluster}: ${shownStates[state].words} (${details})`;
}

export function linkWords({ state, why }: Link): string {
  if (state === "live") return "live";
  return state === "connecting" ? "being connected" : `cannot be reached: ${why ?? ""}`;
}

export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/** How long ago a moment was, in the largest unit that fits. */
export function ago(milliseconds: number): string {
  const units: [number, string][] = [
    [86_400_000, "d"],
    [3_600_000, "h"],
    [60_000, "min"],
    [1000, "s"],
  ];
  const [size, unit] = units.find(([size]) => milliseconds >= size) ?? [1000, "s"];
  return `${Math.max(0, Math.floor(milliseconds / size))} ${unit}`;
}

/** How many Applications are in each state. */
export function figuresOf(cells: Iterable<Cell>): [number, string, string][] {
  const numbers = new Map<State, number>();
  for (const { state } of cells) numbers.set(state, (numbers.get(state) ?? 0) + 1);
  return states.map((state) => [numbers.get(state) ?? 0, shownStates[state].words, shownStates[state].tone]);
}

/** The words that a filter asks for; all of them have to be there. */
export function wordsOf(filter: string): string[] {
  return filter.toLowerCase().split(/\s+/).filter(Boolean);
}
