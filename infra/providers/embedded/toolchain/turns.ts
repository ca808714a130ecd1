import { sideBySide } from "./side-by-side";

/** One program that is compiled. */
export interface Turn {
  /** the packages that Go's cache lacks for it */
  lacks: readonly string[];
  /** @param compiles called with each package whose compilation begins */
  work: (signal: AbortSignal, compiles: (path: string) => void) => Promise<void>;
}

/**
 * Compiles programs one after the other. The end of one, and its link, leave processors without work: so the next one
 * begins as soon as nothing that it needs is still to be compiled for the one before, and no package is compiled twice.
 */
export async function inTurns(turns: readonly Turn[]): Promise<void> {
  const begun = new Set<string>();
  const gates = turns.map(gate);
  gates[0]?.open();
  await sideBySide(
    turns.map(({ lacks, work }, i) => async (signal) => {
      await gates[i]?.opened;
      try {
        if (signal.aborted) return;
        const next = new Set(turns[i + 1]?.lacks);
        const shared = new Set(lacks.filter((path) => next.has(path) && !begun.has(path)));
        await work(signal, (path) => {
          begun.add(path);
          shared.delete(path);
          if (shared.size === 0) gates[i + 1]?.open();
        });
      } finally {
        gates[i + 1]?.open();
      }
    }),
  );
}

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
