import { posix } from "node:path";
import { overlays } from "../../../../model/overlays";
import { isMapping, type Mapping } from "../../../../model/mapping";
import { wholeOf } from "../../../tree/file-roles";
import { lineAt, TooDeep, valueOf, type Step } from "../../../tree/values/yaml";
import type { At } from "../at";
import type { CheckInput } from "../input";
import type { TreeFile } from "./inventory";

export const overlayRoles = overlays.map(({ role }) => role);

/** Names that Kustomize takes for the file of a kustomization, in its order. */
const fileNames = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** One thing that a kustomization names. */
export interface Reference {
  at: At;
  /** As it is written. */
  name: string;
  /** Whether it may be the directory of a kustomization. */
  mayBeDirectory: boolean;
}

/** One kustomization of a base or an overlay. */
export interface Kustomization {
  path: string;
  directory: string;
  value: Mapping;
  references: Reference[];
  /** The line of a key. */
  at(path: readonly Step[]): At;
}

/** The files of one version of a base, or of one overlay: what a kustomization in it may name. */
export interface Built {
  role: "base" | (typeof overlayRoles)[number];
  component: string;
  directory: string;
  files: TreeFile[];
  kustomizations: Kustomization[];
}

const known = new WeakMap<CheckInput, Built[]>();

/** Everything that Kustomize builds, in the order of the paths; several rules ask. */
export function builtOf(input: CheckInput): Built[] {
  const built = known.get(input) ?? findBuilt(input);
  known.set(input, built);
  return built;
}

function findBuilt(input: CheckInput): Built[] {
  const found = new Map<string, Built>();
  for (const file of input.inventory.ofRole("base", ...overlayRoles)) {
    const directory = wholeOf(file.path, file);
    const built = found.get(directory) ?? { ...file, directory, files: [], kustomizations: [] };
    found.set(directory, built);
    built.files.push(file);
    if (fileNames.includes(posix.basename(file.path))) {
      const one = kustomization(input, file.path);
      if (one) built.kustomizations.push(one);
    }
  }
  return [...found.values()];
}

/** The path of the kustomization in a directory; undefined where there is none. */
export function kustomizationIn({ files }: CheckInput, directory: string): string | undefined {
  return fileNames.map((name) => `${directory}/${name}`).find((path) => files.has(path));
}

/** Undefined for one that cannot be read: what does not render is found by render-failure. */
function kustomization({ files }: CheckInput, path: string): Kustomization | undefined {
  const document = files.yaml(path);
  const at = (steps: readonly Step[]): At => ({ file: path, line: lineAt(document, steps) ?? 1 });
  try {
    const value = document.findings.length > 0 ? undefined : (valueOf(document) ?? {});
    if (!isMapping(value)) return undefined;
    const references = [...named(value)].map(({ steps, ...one }) => ({ ...one, at: at(steps) }));
    return { path, directory: posix.dirname(path), value, references, at };
  } catch (error) {
    if (error instanceof TooDeep) return undefined;
    throw error;
  }
}

interface Named {
  steps: Step[];
  name: string;
  mayBeDirectory: boolean;
}

/** Lists of names; those of the first may be directories. */
const directories = ["resources", "bases", "components"];
const lists = [...directories, "crds", "configurations", "patchesStrategicMerge"];
const withPath = ["patches", "patchesJson6902", "replacements"];
const generators = ["configMapGenerator", "secretGenerator"];

function* named(value: Mapping): Generator<Named> {
  for (const key of lists) {
    for (const { steps, name } of texts(value[key], [key])) {
      // A patch may be there itself, in the place of a file's name.
      if (!name.includes("\n")) yield { steps, name, mayBeDirectory: directories.includes(key) };
    }
  }
  for (const key of withPath) {
    for (const [index, item] of items(value[key])) yield* files(item.path, [key, index, "path"]);
  }
  if (isMapping(value.openapi)) yield* files(value.openapi.path, ["openapi", "path"]);
  for (const key of generators) {
    for (const [index, item] of items(value[key])) {
      for (const field of ["env", "envs", "files"]) {
        for (const { steps, name, ...one } of files(item[field], [key, index, field])) {
          yield { ...one, steps, name: field === "files" ? name.replace(/^[^=]*=/, "") : name };
        }
      }
    }
  }
}

function* files(value: unknown, steps: Step[]): Generator<Named> {
  for (const one of texts(value, steps)) yield { ...one, mayBeDirectory: false };
}

/** A text, or the texts of a list. */
function texts(value: unknown, steps: Step[]): { steps: Step[]; name: string }[] {
  if (typeof value === "string") return [{ steps, name: value }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((name: unknown, index) =>
    typeof name === "string" ? [{ steps: [...steps, index], name }] : [],
  );
}

function items(value: unknown): [number, Mapping][] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown, index): [number, Mapping][] => (isMapping(item) ? [[index, item]] : []));
}
