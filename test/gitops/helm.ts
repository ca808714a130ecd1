import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { findToolchain } from "../../infra/providers/embedded/toolchain";

/** A Kubernetes object, as far as tests look into it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: Record<string, unknown>;
  [key: string]: unknown;
}

/** The helm that Argo CD's repo-server would run: our own build, else the one on PATH. */
export async function findHelm(): Promise<string | undefined> {
  const built = await findToolchain({ parts: ["argocd"] });
  const directories = [...(built ? [built.bin] : []), ...(process.env.PATH ?? "").split(delimiter)];
  return directories.map((directory) => join(directory, "helm")).find((file) => existsSync(file));
}

/** The CRDs of the oldest Argo CD that the tree must work on, by kind; undefined when it is not built. */
export async function findCrds(): Promise<Map<string, Schema> | undefined> {
  const built = await findToolchain({ parts: ["argocd"] });
  if (!built) return undefined;
  const directory = join(built.manifests, "crds");
  const crds = readdirSync(directory)
    .filter((file) => file.endsWith("crd.yaml"))
    .map((file) => parse(readFileSync(join(directory, file), "utf8")) as Crd);
  return new Map(crds.map(({ spec }) => [spec.names.kind, spec.versions[0]!.schema.openAPIV3Schema]));
}

export interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
  "x-kubernetes-preserve-unknown-fields"?: boolean;
}

interface Crd {
  spec: { names: { kind: string }; versions: { schema: { openAPIV3Schema: Schema } }[] };
}

/** Paths in a value that its schema does not know: the API server would drop them without a word. */
export function unknownFields(value: unknown, schema: Schema, path = ""): string[] {
  if (schema["x-kubernetes-preserve-unknown-fields"] || typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => unknownFields(item, schema.items ?? {}, `${path}[]`));
  return Object.entries(value).flatMap(([key, inner]) => {
    const known = schema.properties?.[key] ?? schema.additionalProperties;
    if (known === undefined || known === false) return path === ".metadata" ? [] : [`${path}.${key}`];
    return known === true ? [] : unknownFields(inner, known, `${path}.${key}`);
  });
}

/** A chart of a tree and how it is rendered; paths are relative to the root of the tree. */
export interface Rendering {
  root: string;
  release: string;
  chart: string;
  files: string[];
  /** More arguments. */
  more?: string[];
}

/** Packs what a chart names by file://, as Argo CD does before it renders. */
function buildDependencies(helm: string, { root, chart }: Rendering): void {
  const directory = join(root, chart);
  if (existsSync(join(directory, "Chart.lock")) || !/^dependencies:/m.test(readFileSync(join(directory, "Chart.yaml"), "utf8")))
    return;
  execFileSync(helm, ["dependency", "build", chart], { ...options({ root }), stdio: "pipe" });
}

export function render(helm: string, rendering: Rendering): Manifest[] {
  buildDependencies(helm, rendering);
  const output = execFileSync(helm, arguments_(rendering), { ...options(rendering), stdio: "pipe" });
  return parseAllDocuments(output)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

/** What helm says when it refuses to render; an empty text when it renders. */
export function refusal(helm: string, rendering: Rendering): string {
  buildDependencies(helm, rendering);
  const { status, stderr } = spawnSync(helm, arguments_(rendering), options(rendering));
  return status === 0 ? "" : stderr;
}

function arguments_({ release, chart, files, more = [] }: Rendering): string[] {
  return ["template", release, chart, "--namespace", release, ...files.flatMap((file) => ["--values", file]), ...more];
}

/** Without the settings of the person who runs the tests. */
function options({ root }: Pick<Rendering, "root">) {
  const env = { PATH: process.env.PATH, HELM_CONFIG_HOME: "/nonexistent", HELM_CACHE_HOME: "/nonexistent" };
  return { cwd: root, encoding: "utf8", env, maxBuffer: 64 << 20 } as const;
}
