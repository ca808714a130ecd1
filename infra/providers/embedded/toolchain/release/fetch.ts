import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { exists } from "../cache";
import { ToolchainError } from "../errors";
import { toolchainCache, type Host } from "../host";
import { digestIn, sha256 } from "./digest";
import { download, downloadText, MissingRelease, type DownloadOptions } from "./download";
import type { ReleaseFile } from "./files";
import type { Records } from "./records";
import { releaseSettings } from "./settings";

export interface FetchOptions {
  host: Host;
  records: Records;
  signal?: AbortSignal;
  /** so much of a file is there */
  received: (url: string, bytes: number, all: number | undefined) => void;
}

/** A release file on this disk whose digest was checked. */
export interface Fetched {
  file: ReleaseFile;
  path: string;
  digest: string;
}

/**
 * Fetches a file and checks it. One that is not right is deleted; one that is not complete is kept, and the next try goes on with
 * it.
 * @throws MissingRelease when the publisher has no such file
 */
export async function fetchRelease(file: ReleaseFile, options: FetchOptions): Promise<Fetched> {
  const { host, records, signal } = options;
  const url = releaseSettings(host.env).mirror(file.url);
  const directory = join(toolchainCache(host.env), "downloads");
  await mkdir(directory, { recursive: true });
  const name = `${createHash("sha256").update(url).digest("hex").slice(0, 12)}-${basename(new URL(url).pathname)}`;
  const [part, path] = [join(directory, `${name}.part`), join(directory, name)];
  const how = { signal, silence: host.silence, pause: host.lockPoll };
  try {
    const expected =
      records.known(file.url) ?? (await publishedDigest(file, join(directory, `${name}.sums`), how, host));
    if (!(await exists(path))) {
      const resumed = await exists(part);
      const received = (bytes: number, all: number | undefined) => options.received(file.url, bytes, all);
      await download(url, part, { ...how, received });
      let digest = await sha256(part);
      // What was begun may be of a file that the server has replaced since.
      if (digest !== expected.digest && resumed) {
        await rm(part);
        await download(url, part, { ...how, received });
        digest = await sha256(part);
      }
      if (digest !== expected.digest) {
        await rm(part);
        throw new ToolchainError([wrong(url, digest, expected)]);
      }
      await rename(part, path);
    }
    records.record(file.url, expected.digest);
    return { file, path, digest: expected.digest };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof MissingRelease || error instanceof ToolchainError) throw error;
    const { message, cause } = error as Error & { cause?: { message?: string } };
    throw new ToolchainError([
      `${url} could not be fetched: ${cause?.message ?? message}; what there is of it is kept, so run the same command again; ` +
        "or build instead (ONEBRANCH_RELEASES=never)",
    ]);
  }
}

async function publishedDigest(
  { url, checksums }: ReleaseFile,
  file: string,
  options: DownloadOptions,
  host: Host,
): Promise<{ digest: string; by: string }> {
  if (checksums === undefined)
    throw new ToolchainError([`digests.json has no digest of ${url}, and nobody else says one`]);
  const by = releaseSettings(host.env).mirror(checksums);
  try {
    await downloadText(by, file, options);
    const digest = digestIn(await readFile(file, "utf8"), basename(new URL(url).pathname));
    if (digest !== undefined) return { digest, by };
  } finally {
    await rm(file, { force: true });
  }
  throw new ToolchainError([
    `${by} does not say the SHA-256 of ${basename(url)}, so the file cannot be checked; build instead (ONEBRANCH_RELEASES=never)`,
  ]);
}

function wrong(url: string, digest: string, expected: { digest: string; by: string }): string {
  return (
    `${url} is not the file that was published: its SHA-256 is ${digest}, and ${expected.by} says ${expected.digest}; ` +
    "nothing of it was kept; ask who serves it, or build instead (ONEBRANCH_RELEASES=never)"
  );
}
