import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** What a part of release files is made of: beside its programs, in `release.json`. */
export interface ReleaseManifest {
  files: { program: string; url: string; sha256: string }[];
}

export const manifestFile = "release.json";

/** Whether a program is a publisher's own and not one that we built. @param program its real path */
export async function isReleased(program: string): Promise<boolean> {
  const text = await readFile(join(dirname(program), "..", manifestFile), "utf8").catch(() => undefined);
  if (text === undefined) return false;
  const { files } = JSON.parse(text) as ReleaseManifest;
  return files.some((file) => basename(file.program) === basename(program));
}
