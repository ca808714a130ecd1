import { compareText } from "../../model/findings";
import { groupBy } from "../../model/group-by";
import { groups, layers, type Group, type KnownLayer } from "../../model/layers";
import { overlays } from "../../model/overlays";

/** Files of the tree that are not layers: the role of each, and its path below gitops/ with the variable names in braces. */
const others = [
  { role: "bootstrap", file: "bootstrap/{inside...}" },
  { role: "chart", file: "charts/{chart}/{version}/{inside...}" },
  { role: "base", file: "{group}/{component}/base/{version}/{inside...}" },
  { role: "stage-overlay", file: `{group}/{component}/${overlays[0].directory}/{inside...}` },
  { role: "ring-overlay", file: `{group}/{component}/${overlays[1].directory}/{inside...}` },
  { role: "region-overlay", file: `{group}/{component}/${overlays[2].directory}/{inside...}` },
  { role: "cluster", file: "clusters/{cluster}/cluster.yaml" },
  { role: "exceptions", file: "clusters/{cluster}/exceptions.yaml" },
  { role: "region", file: "regions/{region}.yaml" },
  { role: "stage", file: "stages/{stage}.yaml" },
  { role: "stage-rbac", file: "stages/{stage}.rbac.csv" },
  { role: "teams-chart", file: "teams/Chart.yaml" },
  { role: "teams-chart", file: "teams/templates/_teams.tpl" },
  { role: "team", file: "teams/{team}.yaml" },
  { role: "readme", file: "README.md" },
  { role: "readme", file: "teams/README.md" },
  { role: "readme", file: "charts/README.md" },
  { role: "readme", file: "charts/{chart}/README.md" },
  { role: "readme", file: "{group}/README.md" },
  { role: "readme", file: "{group}/{component}/README.md" },
] as const;

/** The names in braces of a path. */
type NamesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${infer Long}...` ? Long : Name) | NamesIn<Rest>
  : never;

type Described<Entry> = Entry extends { role: infer Role; file: infer Path extends string }
  ? { role: Role } & { [Name in NamesIn<Path>]: Name extends "group" ? Group : string }
  : never;

/** A file in a place where nothing reads it. */
export interface Stray {
  role: "stray";
  /** The directory in which the file, or its parent directory, does not belong. */
  directory: string;
  name: string;
  /** What is allowed there: names, or `<component>` and the like for any name. */
  allowed: readonly string[];
}

type AnyRole = Described<(typeof others)[number] | KnownLayer> | Stray;

export type Role = AnyRole["role"];

/** The role of one file of the tree, and the names in its path. */
export type FileRole<R extends Role = Role> = Extract<AnyRole, { role: R }>;

/** One part of a path: this name, or any name with this ending. */
interface Part {
  text: string;
  /** What the name stands for; missing for a fixed part. */
  name?: string;
  ending: string;
}

const rest = "{inside...}";

const patterns = [...others, ...layers]
  .flatMap(({ role, file }) =>
    (file.startsWith("{group}") ? groups : [undefined]).map((group) => {
      return {
        role,
        group,
        parts: file
          .replace("{group}", group ?? "")
          .split("/")
          .map(partOf),
      };
    }),
  )
  .sort((a, b) => compareText(a.parts[0]!.text, b.parts[0]!.text));

function partOf(text: string): Part {
  const [, name, ending = ""] = /^\{(\w+)\}(.*)$/.exec(text) ?? [];
  return { text, ending, ...(name !== undefined && { name }) };
}

type Pattern = (typeof patterns)[number];

/** The patterns by their first part, which is a name in all of them: a fleet has thousands of files. */
const byTop: ReadonlyMap<string, Pattern[]> = groupBy(patterns, ({ parts }) => parts[0]!.text);

/** The directory that is one thing as a whole: a version of a chart or of a base, an overlay. */
export function wholeOf(path: string, { inside }: { inside: string }): string {
  return path.slice(0, -inside.length - 1);
}

/** The role of a file of the tree, from its path (`gitops/...`). */
export function roleOf(path: string): FileRole {
  const [top = "", ...parts] = path.split("/");
  if (top !== "gitops") return { role: "stray", directory: "", name: top, allowed: ["gitops"] };
  let open = byTop.get(parts[0] ?? "") ?? patterns;
  for (const [at, part] of parts.entries()) {
    const fitting = open.filter((pattern) => fits(pattern, at, part, at === parts.length - 1));
    if (fitting.length === 0) {
      const directory = [top, ...parts.slice(0, at)].join("/");
      return { role: "stray", directory, name: part, allowed: allowed(open, at) };
    }
    open = fitting;
  }
  const { role, group, parts: pattern } = open[0]!;
  const found: Record<string, string> = { role, ...(group !== undefined && { group }) };
  for (const [at, { text, name, ending }] of pattern.entries()) {
    if (text === rest) found.inside = parts.slice(at).join("/");
    else if (name !== undefined) found[name] = parts[at]!.slice(0, parts[at]!.length - ending.length);
  }
  return found as FileRole;
}

function fits({ parts }: Pattern, at: number, part: string, isLast: boolean): boolean {
  const here = parts[at];
  if (here === undefined || here.text === rest) return parts.at(-1)!.text === rest;
  const named = here.name === undefined ? here.text === part : part.endsWith(here.ending);
  return named && isLast === (at === parts.length - 1);
}

/** What is allowed at a part of a path; a directory of any name is shown with the file or directory that must follow. */
function allowed(open: readonly Pattern[], at: number): string[] {
  const found = new Map<string, string>();
  for (const { role, parts } of open) {
    const [part, next] = parts.slice(at).map(({ text }) => text);
    if (role === "readme" || part === undefined || found.has(part)) continue;
    const shown = part.startsWith("{") && next !== undefined && next !== rest ? `${part}/${next}` : part;
    found.set(part, shown.replace(/\{(\w+)\}/g, "<$1>"));
  }
  return [...found.values()];
}
