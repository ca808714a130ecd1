import { createHash } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
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
  const names = await Promise.all(files.map((file) => applyDefinition(api, join(directory, file))));
  await untilServed(api, names);
}

/** A controller that asks for a kind before the API server has it on its list gives up. */
async function untilServed(api: Api, names: readonly string[]): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const served = new Set<string>();
    for (const group of new Set(names.map((name) => name.slice(name.indexOf(".") + 1)))) {
      const list = await api.get<{ resources: { name: string }[] }>(`/apis/${group}/v1alpha1`);
      for (const { name } of list?.resources ?? []) served.add(`${name}.${group}`);
    }
    if (names.every((name) => served.has(name))) return;
    if (Date.now() > deadline) throw new Error(`the API server does not serve ${names.join(", ")} after 30 s`);
    await sleep(50);
  }
}

async function applyDefinition(api: Api, file: string): Promise<string> {
  const text = await readFile(file, "utf8");
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 32);
  const name = /^ {2}name: (\S+)$/m.exec(text)?.[1];
  if (!name) throw new Error(`${file} has no metadata.name; run \`make toolchain\``);
  const known = await api.metadata(`${collection}/${name}`);
  if (known?.metadata.annotations?.[annotation] === hash) return name;
  const json = await asJson(text, hash);
  // Creating is cheaper than applying, for the API server too, and the usual case.
  if (known || !(await api.create(collection, json))) await api.apply(`${collection}/${name}`, json);
  return name;
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
