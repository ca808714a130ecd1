import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { cacheRoot } from "../../machine/cache.cjs";
import { writeWhole } from "../../machine/files";
import type { KubeObject } from "./api";

/**
 * An object in YAML as JSON. The megabyte of Argo CD's definitions takes most of a second to translate, so that is done once for
 * each user.
 * @param form names what `change` does to it
 */
export async function translated(
  text: string,
  form = "plain",
  change: (object: KubeObject) => KubeObject = (object) => object,
): Promise<string> {
  const directory = join(cacheRoot(process.env), "definitions");
  const file = join(directory, `${textHash(text)}-${form}.json`);
  const cached = await readFile(file, "utf8").catch(() => undefined);
  if (cached !== undefined) return cached;
  const json = JSON.stringify(change(parse(text) as KubeObject));
  await mkdir(directory, { recursive: true, mode: 0o700 });
  writeWhole(file, json);
  return json;
}

export function textHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
