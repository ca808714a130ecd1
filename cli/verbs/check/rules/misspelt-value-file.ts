import { nearestName } from "../../../../model/names";
import type { CheckInput } from "../input";
import type { Rule } from "../rule";
import { setAt, templateLine } from "../source/sets";

export const misspeltValueFile: Rule = {
  id: "misspelt-value-file",
  needs: "applications",
  async check(input, report) {
    for (const { set, wrong, right, example } of await misspelt(input)) {
      const at = templateLine(input.files, `/${wrong}`) ?? setAt(input.files, set);
      const message = `the ApplicationSet ${set} asks for "${wrong}" in ${example}, which never exists`;
      report.finding(at, message, `did you mean "${right}"?`);
    }
  },
};

interface Misspelt {
  set: string;
  /** The wrong part of the path, and what it should be. */
  wrong: string;
  right: string;
  /** One of the paths. */
  example: string;
}

/** Entries in a set's list of value files for which no Application has a file, although unread files have similar names. */
async function misspelt(input: CheckInput): Promise<Misspelt[]> {
  const { applications } = await input.evaluated.applications();
  const read = new Set<string>();
  const places = new Map<string, { set: string; paths: string[]; exists: boolean }>();
  for (const { set, valueFiles, origins } of applications) {
    for (const path of origins) read.add(path);
    for (const [index, { path, exists }] of valueFiles.entries()) {
      if (exists) read.add(path);
      const key = `${set} ${index}`;
      const place = places.get(key) ?? { set, paths: [], exists: false };
      place.paths.push(path);
      place.exists ||= exists;
      places.set(key, place);
    }
  }
  const unread = input.files.paths.filter((path) => path.endsWith(".yaml") && !read.has(path));
  const byShape = new Map<number, string[][]>();
  for (const path of unread) {
    const parts = path.split("/");
    byShape.set(parts.length, [...(byShape.get(parts.length) ?? []), parts]);
  }
  const found = new Map<string, Misspelt>();
  for (const { set, paths, exists } of places.values()) {
    for (const path of exists ? [] : paths) {
      const near = nearPath(path.split("/"), byShape);
      if (near && !found.has(`${set} ${near.wrong}`))
        found.set(`${set} ${near.wrong}`, { set, ...near, example: path });
    }
  }
  return [...found.values()];
}

/** A file whose path differs in one part only, by a few letters. */
function nearPath(
  parts: string[],
  byShape: ReadonlyMap<number, string[][]>,
): { wrong: string; right: string } | undefined {
  for (const candidate of byShape.get(parts.length) ?? []) {
    const different = parts.flatMap((part, index) => (part === candidate[index] ? [] : [index]));
    const index = different[0];
    if (different.length !== 1 || index === undefined) continue;
    const [wrong, right] = [parts[index]!, candidate[index]!];
    if (nearestName(wrong, [right]) !== undefined) return { wrong, right };
  }
  return undefined;
}
