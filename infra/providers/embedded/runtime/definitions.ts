import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { writeWhole } from "../../../../machine/files";
import { textHash, translated } from "../../../cluster/translated";
import type { Api, KubernetesObject } from "./api";

const collection = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
/** Which file a definition in the cluster came from. */
const annotation = "onebranch.dev/content";

/** When the API server serves each kind of a set of custom resource definitions. */
export class Definitions {
  private constructor(
    private readonly served: ReadonlyMap<string, Promise<void>>,
    /** Done when all are written, and it is kept how. */
    readonly recorded: Promise<void>,
  ) {
    // Callers wait for those that they need; a fault of one must not end the process before that.
    for (const each of [...served.values(), recorded]) each.catch(() => undefined);
  }

  /**
   * Puts the definitions of a directory into the cluster. Those that nobody has changed since are only looked at.
   * @param record the file that keeps at which generation each was written
   */
  static async apply(api: Api, directory: string, record: string): Promise<Definitions> {
    const known = await readRecord(record);
    const written = (await readDefinitions(directory)).map(
      ({ name, text }) => [name, applyDefinition(api, name, text, known[name])] as const,
    );
    const served = written.map(([name, done]): [string, Promise<void>] => [
      name,
      done.then(() => untilServed(api, name)),
    ]);
    const generations = Promise.all(written.map(async ([name, done]) => [name, await done] as const));
    const recorded = generations.then((all) => writeWhole(record, JSON.stringify(Object.fromEntries(all))));
    return new Definitions(new Map(served), recorded);
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

/** Whether every definition of a directory is in the cluster as it was last written. */
export async function definitionsAreCurrent(api: Api, directory: string, record: string): Promise<boolean> {
  const known = await readRecord(record);
  const all = await Promise.all(
    (await readDefinitions(directory)).map(({ name, text }) => isCurrent(api, name, textHash(text), known[name])),
  );
  return all.every(Boolean);
}

interface Definition {
  name: string;
  text: string;
}

async function readDefinitions(directory: string): Promise<Definition[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith(".yaml"));
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(directory, file), "utf8");
      const name = /^ {2}name: (\S+)$/m.exec(text)?.[1];
      if (!name) throw new Error(`${file} has no metadata.name; run \`make toolchain\``);
      return { name, text };
    }),
  );
}

/** Kubernetes counts the changes of a specification in `generation`. */
async function readRecord(record: string): Promise<Record<string, number>> {
  const text = await readFile(record, "utf8").catch(() => "{}");
  return JSON.parse(text) as Record<string, number>;
}

async function isCurrent(api: Api, name: string, hash: string, generation: number | undefined): Promise<boolean> {
  const live = await api.metadata(`${collection}/${name}`);
  return live?.metadata.annotations?.[annotation] === hash && live.metadata.generation === generation;
}

/** @returns the generation of what is stored */
async function applyDefinition(api: Api, name: string, text: string, known: number | undefined): Promise<number> {
  const path = `${collection}/${name}`;
  const hash = textHash(text);
  if (await isCurrent(api, name, hash, known)) return known!;
  const json = await asJson(text, hash);
  // Creating is the usual case, and cheaper than replacing, also for the API server.
  if (!(await api.create(collection, json))) await api.replace(path, JSON.parse(json) as KubernetesObject);
  return (await api.metadata(path))!.metadata.generation!;
}

/** The definition as JSON, with the mark of what it came from. */
function asJson(text: string, hash: string): Promise<string> {
  return translated(text, "marked", (object) => {
    const { metadata } = object;
    return { ...object, metadata: { ...metadata, annotations: { ...metadata?.annotations, [annotation]: hash } } };
  });
}
