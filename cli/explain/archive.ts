import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { ApplicationSource } from "../engine";

/** Most that a packed chart may unpack to, in bytes. */
const maxUnpacked = 64 * 1024 * 1024;

/** A file of a packed chart that is at hand: in the directory of `--charts`, or where the renderer keeps what it pulled. */
export function readPackedChart(
  { chart = "", repoURL, targetRevision = "" }: ApplicationSource,
  file: string,
  { charts, cache }: { charts?: string | undefined; cache: string },
): Buffer | undefined {
  const name = chart.split("/").at(-1)!;
  const archive = `${name}-${targetRevision}.tgz`;
  const kept = createHash("sha256").update(repoURL).digest("hex").slice(0, 12);
  const candidates = [
    ...(charts === undefined
      ? []
      : [join(charts, archive), join(charts, `${name}-${targetRevision.replace(/^v/, "")}.tgz`)]),
    join(cache, "charts", kept, archive),
  ];
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) return undefined;
  try {
    return fileOfTar(gunzipSync(readFileSync(found), { maxOutputLength: maxUnpacked }), file);
  } catch {
    return undefined;
  }
}

/** The content of `<any directory>/<file>` in a tar archive. */
function fileOfTar(tar: Buffer, file: string): Buffer | undefined {
  const field = (at: number, length: number) => tar.toString("utf8", at, at + length).replace(/\0.*$/s, "");
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    const prefix = field(at + 257, 5) === "ustar" ? field(at + 345, 155) : "";
    const name = prefix === "" ? field(at, 100) : `${prefix}/${field(at, 100)}`;
    const size = Number.parseInt(field(at + 124, 12).trim(), 8);
    if (!Number.isFinite(size)) return undefined;
    if (name.replace(/^[^/]*\//, "") === file) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return undefined;
}
