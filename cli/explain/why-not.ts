import { nearestName } from "../../model/names";
import { placeOf } from "../check/source/places";
import { formatPath } from "../check/values/yaml";
import type { ExpandedApplication } from "../engine";
import { usageError } from "../fail";
import { componentDirectory, type ClusterFacts, type Session } from "../render/session";
import { contentOf, type Layers } from "./layers";
import type { Effective, Removed } from "./merge";
import { readSource, type Sourced } from "./source";
import { whyUnread } from "./unread";
import { isBelow, listRemoved, listValues, showValue, type ExplainedValue } from "./values";

/** One place that sets a value, and what became of it. */
export interface Fate {
  key: string;
  value: unknown;
  file: string;
  line: number;
  outcome: "arrives" | "overridden" | "not read";
  /** Why it does not arrive, as a sentence. */
  reason?: string;
}

export interface Question {
  session: Session;
  cluster: ClusterFacts;
  application: ExpandedApplication;
  layers: Layers;
  result: { root: Effective; removed: Removed[] };
}

/** What became of every value of one file, or of those below a key. */
export function fatesOfFile(question: Question, file: string, key: string | undefined): Fate[] {
  const { session, cluster, application, layers } = question;
  const reason = whyUnread(session.tree, cluster, application, file);
  const layer = [...layers.defaults, ...layers.layers].find((candidate) => candidate.file === file);
  const root = layer?.root ?? readUnread(session, file);
  const fates = leaves(root)
    .filter(({ path }) => key === undefined || isBelow(path, key))
    .map((leaf) => fateOf(question, file, leaf, reason));
  if (fates.length > 0) return fates;
  if (key === undefined) return [{ key: "", value: null, file, line: 1, ...unread(reason ?? "it sets nothing") }];
  const near = nearestName(
    key,
    leaves(root).map(({ path }) => formatPath(path)),
  );
  throw usageError(`${file} does not set ${key}${near === undefined ? "" : `; did you mean ${near}?`}`);
}

/** What became of a key in every file of the tree that sets it for this component, whichever cluster it is for. */
export function fatesOfKey(question: Question, key: string): Fate[] {
  const { session, cluster, application, layers } = question;
  const read = [...layers.defaults, ...layers.layers];
  const others = filesOf(session, application.name).filter((file) => !read.some((layer) => layer.file === file));
  const known = new Set<string>();
  const fates: Fate[] = [];
  const look = (file: string, root: Sourced | undefined, reason: string | undefined): void => {
    for (const leaf of leaves(root)) {
      known.add(formatPath(leaf.path));
      if (isBelow(leaf.path, key)) fates.push(fateOf(question, file, leaf, reason));
    }
  };
  for (const { file, root } of read) look(file, root, undefined);
  for (const file of others) {
    look(
      file,
      readUnread(session, file),
      whyUnread(session.tree, cluster, application, file) ?? "no Application reads it",
    );
  }
  if (fates.length > 0) return fates;
  const near = nearestName(key, known);
  const offer = near === undefined ? "" : `; did you mean ${near}?`;
  throw usageError(`no file sets ${key} for ${application.name}, in any stage, region or cluster${offer}`);
}

function unread(reason: string): Pick<Fate, "outcome" | "reason"> {
  return { outcome: "not read", reason };
}

/** Files that may hold values of a component, for whichever cluster. */
function filesOf({ tree }: Session, component: string): string[] {
  const directory = componentDirectory(tree, component);
  return tree.tree.entries
    .map(({ path }) => path)
    .filter((path) => {
      if (directory !== undefined && path.startsWith(`${directory}/`)) return /\.ya?ml$/.test(path);
      const place = placeOf(path.startsWith("gitops/") ? path : "gitops/README.md");
      return (place.kind === "cluster-values" || place.kind === "cluster-pin") && place.component === component;
    });
}

/** A file that nothing reads may as well be broken; it then sets nothing. */
function readUnread(session: Session, file: string): Sourced | undefined {
  const content = contentOf(session, file);
  return content && readSource(file, content).root;
}

interface Leaf {
  path: string[];
  value: unknown;
  line: number;
}

function leaves(root: Sourced | undefined): Leaf[] {
  const found: Leaf[] = [];
  const walk = ({ value, line, children }: Sourced, path: string[]): void => {
    if (children && children.size > 0) for (const [key, child] of children) walk(child, [...path, key]);
    else if (path.length > 0) found.push({ path, value, line });
  };
  if (root) walk(root, []);
  return found;
}

function fateOf({ result }: Question, file: string, { path, value, line }: Leaf, reason: string | undefined): Fate {
  const fate = { key: formatPath(path), value, file, line };
  if (reason !== undefined) return { ...fate, ...unread(reason) };
  const values = listValues(result.root);
  const own = values.find((found) => found.key === fate.key);
  if (own?.file === file) return { ...fate, outcome: "arrives" };
  const starts = (long: readonly string[], short: readonly string[]) => short.every((step, at) => long[at] === step);
  const removed = listRemoved(result.removed).find((found) => starts(path, found.path));
  if (own === undefined && removed !== undefined) {
    if (removed.file === file) return { ...fate, outcome: "arrives" };
    return { ...fate, outcome: "overridden", reason: `the null in ${at(removed)} takes it away` };
  }
  const winner = own ?? values.find((found) => starts(path, found.path) || starts(found.path, path));
  if (winner === undefined)
    return { ...fate, outcome: "overridden", reason: "a later layer replaces the mapping it is in" };
  const what = winner.key === fate.key ? "" : `${winner.key} `;
  return { ...fate, outcome: "overridden", reason: `${at(winner)} sets ${what}${showValue(winner.value, 60)}` };
}

function at({ file, line, layer }: Pick<ExplainedValue, "file" | "line" | "layer">): string {
  return `${file}:${line} (${layer})`;
}
