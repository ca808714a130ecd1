import { createHash } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { writeWhole } from "../../../../machine/files";
import { cacheRoot } from "../../../../machine/cache";
import type { Api, KubernetesObject } from "./api";

const collection = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
/** Which file a definition in the cluster came from. */
const annotation = "onebranch.dev/content";

/** When the API server serves each kind of a set of custom resource definitions. */
export class Definitions {
  private readonly served: Map<string, Promise<void>>;

  private constructor(served: Map<string, Promise<void>>) {
    this.served = served;
    // Callers wait for those that they need; a fault of one must not end the process before that.
    for (const each of served.values()) each.catch(() => undefined);
  }

  /** Puts the definitions of a directory into the cluster. Those that are there already are only looked at. */
  static async apply(api: Api, directory: string): Promise<Definitions> {
    const files = (await readdir(directory)).filter((file) => file.endsWith(".yaml"));
    const texts = await Promise.all(files.map((file) => readFile(join(directory, file), "utf8")));
    const served = texts.map((text, index): [string, Promise<void>] => {
      const name = /^ {2}name: (\S+)$/m.exec(text)?.[1];
      if (!name) throw new Error(`${files[index]} has no metadata.name; run \`make toolchain\``);
      return [name, applyDefinition(api, name, text).then(() => untilServed(api, name))];
    });
    return new Definitions(new Map(served));
  }

  /** Waits until kinds are served, by the plural names of their resources: `applications.argoproj.io`. */
  async serving(names: readonly string[]): Promise<void> {
    const missing = names.filter((name) => !this.served.has(name));
    if (missing.length > 0) throw new Error(`the toolchain has no definition of ${missing.join(", ")}`);
    await Promise.all(names.map((name) => this.served.get(name)));
  }
}

/** A controller that asks for a kind before the API server lists it gives up. */
async function untilServed(api: Api, name: string): Promise<void> {
  const [plural, ...rest] = name.split(".");
  const deadline = Date.now() + 60_000;
  for (;;) {
    const list = await api.get<{ resources: { name: string }[] }>(`/apis/${rest.join(".")}/v1alpha1`);
    if (list?.resources.some((resource) => resource.name === plural)) return;
    if (Date.now() > deadline) throw new Error(`the API server does not serve ${name} after 60 s`);
    await sleep(50);
  }
}

async function applyDefinition(api: Api, name: string, text: string): Promise<void> {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 32);
  const known = await api.metadata(`${collection}/${name}`);
  if (known?.metadata.annotations?.[annotation] === hash) return;
  const json = await asJson(text, hash);
  // Creating is the usual case, and cheaper than applying, also for the API server.
  if (known || !(await api.create(collection, json))) await api.apply(`${collection}/${name}`, json);
}

/**
 * The definition as JSON. A megabyte of YAML takes the API server, and us, most of a second, so it is translated
 * once for each user.
 */
async function asJson(text: string, hash: string): Promise<string> {
  const directory = join(cacheRoot(process.env), "definitions");
  const file = join(directory, `${hash}.json`);
  const cached = await readFile(file, "utf8").catch(() => undefined);
  if (cached !== undefined) return cached;
  const object = parse(text) as KubernetesObject & { metadata: { annotations?: Record<string, string> } };
  object.metadata.annotations = { ...object.metadata.annotations, [annotation]: hash };
  const json = JSON.stringify(object);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  writeWhole(file, json);
  return json;
}
