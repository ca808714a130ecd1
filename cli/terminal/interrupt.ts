import type { Io } from "./io";

/** Exit code of a run that the user stopped. */
const interruptedCode = 130;

/** How work learns that the user wants it to end. */
export interface Stop {
  /** Stop when the step that runs is done. */
  signal: AbortSignal;
  /** Stop at once. */
  kill: AbortSignal;
}

/**
 * Runs work that Ctrl-C stops in an orderly way; a second Ctrl-C stops it at once. Returns its exit code, or 130 after
 * printing the command that continues it.
 */
export async function interruptible(io: Io, next: string, work: (stop: Stop) => Promise<number>): Promise<number> {
  const stop = new AbortController();
  const kill = new AbortController();
  const release = io.onInterrupt(() => {
    if (stop.signal.aborted) return kill.abort();
    io.err("\nstopping once the steps that run now are done; Ctrl-C again stops at once\n");
    stop.abort();
  });
  const killed = new Promise<never>((_, reject) =>
    kill.signal.addEventListener("abort", () => reject(kill.signal.reason)),
  );
  killed.catch(() => undefined);
  try {
    const code = await Promise.race([work({ signal: stop.signal, kill: kill.signal }), killed]);
    if (!stop.signal.aborted) return code;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    release();
  }
  io.err(`stopped; run \`${next}\` to go on\n`);
  return interruptedCode;
}

/**
 * Runs work that goes on until Ctrl-C, which is its ordinary end. Returns its exit code, or 130 when it had not got as far as that.
 */
export async function untilInterrupted(io: Io, work: (stop: Stop) => Promise<number>): Promise<number> {
  const stop = new AbortController();
  const release = io.onInterrupt(() => stop.abort());
  try {
    return await work({ signal: stop.signal, kill: stop.signal });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    return interruptedCode;
  } finally {
    release();
  }
}
