/**
 * Looks whether release files can be reached: one request to each of their servers, all at the same time. Gives the reason of the
 * first that cannot.
 * @param milliseconds after which a server counts as out of reach
 */
export async function probe(urls: readonly string[], milliseconds: number): Promise<string | undefined> {
  const byServer = new Map(urls.map((url) => [new URL(url).origin, url]));
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), milliseconds);
  try {
    const looks = [...byServer].map(async ([origin, url]) => {
      const reason = await look(origin, url, stop.signal, milliseconds);
      if (reason !== undefined) throw new Unreachable(reason);
    });
    await Promise.all(looks);
    return undefined;
  } catch (error) {
    if (error instanceof Unreachable) return error.message;
    throw error;
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

class Unreachable extends Error {}

async function look(
  origin: string,
  url: string,
  signal: AbortSignal,
  milliseconds: number,
): Promise<string | undefined> {
  try {
    const { status } = await fetch(url, { method: "HEAD", signal });
    // What a publisher lacks is seen when it is fetched; a server that refuses everybody is as good as none.
    return status < 400 || status === 404 ? undefined : `${origin} answers ${status}`;
  } catch (error) {
    if (signal.aborted) return `${origin} does not answer within ${milliseconds / 1000} s`;
    const { cause, message } = error as Error & { cause?: { message?: string; code?: string } };
    return `${origin} cannot be reached: ${cause?.code ?? cause?.message ?? message}`;
  }
}
