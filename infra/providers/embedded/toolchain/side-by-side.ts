/**
 * Does several things at once. When one fails, the others are stopped and end before the error is known, so that what all
 * work in can be removed then.
 */
export async function sideBySide(works: readonly ((signal: AbortSignal) => Promise<void>)[]): Promise<void> {
  const stop = new AbortController();
  let failure: unknown;
  const run = (work: (signal: AbortSignal) => Promise<void>) =>
    work(stop.signal).catch((error: unknown) => {
      failure ??= error;
      stop.abort();
    });
  await Promise.all(works.map(run));
  if (failure !== undefined) throw failure as Error;
}
