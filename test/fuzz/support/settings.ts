import type { Parameters } from "fast-check";

/**
 * How a property is tried: the same inputs each time, so that a change is never blamed for what it did not do.
 * FUZZ_RUNS=20 tries twenty times as many inputs and others in each run; FUZZ_SEED=<number> repeats a run whose seed a failure
 * printed.
 */
export function fuzzed<T>(numRuns: number): Parameters<T> {
  const factor = numberOf("FUZZ_RUNS");
  const seed = numberOf("FUZZ_SEED") ?? (factor === undefined ? 1 : Date.now() % 2 ** 31);
  return { seed, numRuns: Math.ceil(numRuns * (factor ?? 1)) };
}

/** Time for a property, in milliseconds: long runs are wanted ones. */
export const patience = 300_000 * Math.max(1, numberOf("FUZZ_RUNS") ?? 1);

function numberOf(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (Number.isNaN(value)) throw new Error(`${name} is "${text}", not a number`);
  return value;
}
