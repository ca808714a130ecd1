import { createHash } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { cacheRoot } from "../toolchain/host";
import type { Api, KubernetesObject } from "./api";
import { writeWhole } from "./directory";

const collection = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
/** Which file a definition in the cluster came from. */
const annotation = "onebranch.dev/content";

/** Puts the custom resource definitions of a directory into the cluster; those that are there already cost a glance each. */
export async function applyDefinitions(api: Api, directory: string): Promise<void> {
  const files = (await readdir(directory)).filter((file) => file.endsWith(".yaml"));
  await Promise.all(files.map((file) => applyDefinition(api, join(directory, file))));
}

async function applyDefinition(api: Api, file: string): Promise<void> {
  const text = await readFile(file, "utf8");
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 32);
  const name = /^ {2}name: (\S+)$/m.exec(text)?.[1];
  if (!name) throw new Error(`${file} has no metadata.name; run \`make toolchain\``);
  const known = await api.metadata(`${collection}/${name}`);
  if (known?.metadata.annotations?.[annotation] === hash) return;
  const json = await asJson(text, hash);
  // Creating is cheaper than applying, for the API server too, and the usual case.
  if (known || !(await api.create(collection, json))) await api.apply(`${collection}/${name}`, json);
}

/**
 * The definition as JSON. A megabyte of YAML takes the API server, and us, the better part of a second; so it is translated
 * once for the user.
 */
async function asJson(text: string, hash: string): Promise<string> {
  const directory = join(cacheRoot(process.env), "..", "definitions");
  const file = join(directory, `${hash}.json`);
  const cached = await readFile(file, "utf8").catch(() => undefined);
  if (cached !== undefined) return cached;
  const object = parse(text) as KubernetesObject & { metadata: { annotations?: Record<string, string> } };
  object.metadata.annotations = { ...object.metadata.annotations, [annotation]: hash };
  const json = JSON.stringify(object);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeWhole(file, json);
  return json;
}
