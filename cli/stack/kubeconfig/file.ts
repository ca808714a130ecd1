import { closeSync, existsSync, mkdirSync, openSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { Document, isMap, isSeq, parseDocument, YAMLSeq } from "yaml";
import { writeWhole } from "../../../machine/files";
import { failure } from "../../terminal/fail";
import type { Io } from "../../terminal/io";

/** The lists of a kubeconfig. */
type List = "clusters" | "users" | "contexts";

/**
 * The file that kubectl would write a new context into: of those in KUBECONFIG the first that exists, or the last; else
 * ~/.kube/config.
 */
export function kubeconfigFile(env: Io["env"]): string {
  const named = (env.KUBECONFIG ?? "").split(delimiter).filter((path) => path !== "");
  return named.find((path) => existsSync(path)) ?? named.at(-1) ?? join(env.HOME ?? homedir(), ".kube", "config");
}

/** A kubeconfig that is being changed; what is not changed stays as it was, comments included. */
export class KubeconfigFile {
  private readonly document: Document;

  constructor(
    private readonly path: string,
    text: string,
  ) {
    this.document = text.trim() === "" ? new Document({ apiVersion: "v1", kind: "Config" }) : parseDocument(text);
    const [error] = this.document.errors;
    if (error !== undefined || !isMap(this.document.contents)) {
      const why = error === undefined ? "it is not a mapping" : error.message.split("\n", 1)[0];
      throw failure(`${path} is not a kubeconfig (${why}); mend it first: nothing was changed`);
    }
  }

  /** The fields of an entry, such as the `cluster` of one of the clusters. */
  fields(list: List, name: string): Record<string, unknown> | undefined {
    const entry = this.entries(list)?.items.find((item) => isMap(item) && item.get("name") === name);
    const fields: unknown = isMap(entry) ? entry.get(list.slice(0, -1)) : undefined;
    return isMap(fields) ? (fields.toJSON() as Record<string, unknown>) : undefined;
  }

  /** Address of the API server that a context means. */
  serverOf(context: string): string | undefined {
    const { cluster } = this.fields("contexts", context) ?? {};
    const server = typeof cluster === "string" ? this.fields("clusters", cluster)?.server : undefined;
    return typeof server === "string" ? server : undefined;
  }

  /** Adds an entry, or replaces the one of that name where it stands. */
  set(list: List, name: string, fields: object): void {
    const entry = this.document.createNode({ name, [list.slice(0, -1)]: fields });
    let found = this.entries(list);
    if (found === undefined) {
      found = new YAMLSeq();
      this.document.set(list, found);
    }
    // An empty list is mostly written as [].
    if (found.items.length === 0) found.flow = false;
    const at = found.items.findIndex((item) => isMap(item) && item.get("name") === name);
    if (at < 0) found.items.push(entry);
    else found.items[at] = entry;
  }

  remove(list: List, name: string): void {
    const found = this.entries(list);
    if (found) found.items = found.items.filter((item) => !isMap(item) || item.get("name") !== name);
  }

  get currentContext(): unknown {
    return this.document.get("current-context");
  }

  set currentContext(name: string) {
    this.document.set("current-context", name);
  }

  toString(): string {
    return this.document.toString({ lineWidth: 0 });
  }

  private entries(list: List): YAMLSeq | undefined {
    const found: unknown = this.document.get(list);
    if (found === undefined || found === null) return undefined;
    if (isSeq(found)) return found;
    throw failure(`${this.path} is not a kubeconfig (${list} is not a list); mend it first: nothing was changed`);
  }
}

/** How long another program may take to write the file, and between two looks, in milliseconds. */
const patience = 5_000;
const interval = 100;

/** Changes a kubeconfig under the lock that kubectl and kind take, and replaces it in one step. Only its owner can read it then. */
export async function changeKubeconfig<T>(io: Io, path: string, change: (file: KubeconfigFile) => T): Promise<T> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const lock = `${path}.lock`;
  const deadline = io.now() + patience;
  while (!claim(lock)) {
    if (io.now() > deadline) {
      throw failure(`${lock} exists: another program is writing ${path}; if none is, delete that file, then try again`);
    }
    await io.sleep(interval);
  }
  try {
    // A link is kept: its owner wants to have the file elsewhere.
    const real = existsSync(path) ? realpathSync(path) : path;
    const text = existsSync(real) ? readFileSync(real, "utf8") : "";
    const file = new KubeconfigFile(path, text);
    const result = change(file);
    if (file.toString() !== text) writeWhole(real, file.toString());
    return result;
  } finally {
    rmSync(lock, { force: true });
  }
}

function claim(lock: string): boolean {
  try {
    closeSync(openSync(lock, "wx", 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
