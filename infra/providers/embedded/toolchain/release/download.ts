import { createWriteStream } from "node:fs";
import { rm, stat, truncate } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** The publisher has no such file. */
export class MissingRelease extends Error {}

export interface DownloadOptions {
  signal?: AbortSignal;
  /** milliseconds without a byte after which a connection is given up */
  silence: number;
  /** milliseconds between two tries */
  pause: number;
  /** how much of it there is, of how much; the latter is unknown until the server says it */
  received?: (bytes: number, all: number | undefined) => void;
}

/** Tries in a row that bring nothing. */
const vainTries = 3;

/** Completes a file that may have been begun before: goes on where a connection broke, as long as each one brings something. */
export async function download(url: string, file: string, options: DownloadOptions): Promise<void> {
  for (let vain = 0; ;) {
    const before = await sizeOf(file);
    try {
      return await attempt(url, file, before, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof MissingRelease) throw error;
      vain = (await sizeOf(file)) > before ? 0 : vain + 1;
      if (vain >= vainTries) throw error;
      await sleep(options.pause, undefined, { signal: options.signal });
    }
  }
}

async function attempt(url: string, file: string, have: number, options: DownloadOptions): Promise<void> {
  const silence = new AbortController();
  const silent = () => silence.abort(new Error(`nothing was received for ${options.silence / 1000} s`));
  let timer = setTimeout(silent, options.silence);
  const signal = AbortSignal.any([silence.signal, options.signal].filter((each) => each !== undefined));
  try {
    const headers = { "accept-encoding": "identity", ...(have > 0 && { range: `bytes=${have}-` }) };
    const response = await fetch(url, { headers, signal });
    const [, from, all] = /^bytes (?:(\d+)-\d+|\*)\/(\d+)$/.exec(response.headers.get("content-range") ?? "") ?? [];
    if (response.status === 416) {
      if (Number(all) === have) return;
      await truncate(file, 0);
      throw new Error("the server has less of it than was received");
    }
    if (response.status === 404 || response.status === 410) throw new MissingRelease(`${url} does not exist`);
    if (!response.ok) throw new Error(`the server answers ${response.status} ${response.statusText}`.trim());
    // A server that knows no ranges sends all of it.
    const start = response.status === 206 ? have : 0;
    if (response.status === 206 && Number(from) !== have)
      throw new Error("the server sends another part than was asked for");
    const length = Number(response.headers.get("content-length") ?? Number.NaN);
    const whole = Number.isNaN(length) ? undefined : start + length;
    let bytes = start;
    const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
    body.on("data", (chunk: Buffer) => {
      clearTimeout(timer);
      timer = setTimeout(silent, options.silence);
      bytes += chunk.length;
      options.received?.(bytes, whole);
    });
    await pipeline(body, createWriteStream(file, { flags: start > 0 ? "a" : "w" }), { signal });
    if (whole !== undefined && bytes !== whole)
      throw new Error(`the connection ended after ${bytes} of ${whole} bytes`);
  } catch (error) {
    throw silence.signal.aborted ? (silence.signal.reason as Error) : error;
  } finally {
    clearTimeout(timer);
  }
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

/** Fetches a small text. */
export async function downloadText(url: string, file: string, options: DownloadOptions): Promise<void> {
  await rm(file, { force: true });
  await download(url, file, options);
}
