import { nearestName } from "../../../model/names";
import { isExpired, readExceptions } from "../../../model/exception";
import { roleOf } from "../../tree/file-roles";
import { formatPath } from "../../tree/values/yaml";
import type { ExpandedApplication, FileValues, WrittenValue } from "../../tree/renderer";
import { usageError } from "../../terminal/fail";
import { componentDirectory, type ClusterFacts, type OpenedTree } from "../../tree/open";
import { effectiveValues, type Effective } from "../../tree/values/effective";
import { whyUnread } from "./unread";
import { isBelow, showValue, type ExplainedValue } from "../../tree/values/explained";

/** One place that sets a value, and what became of it. */
export interface Fate {
  key: string;
  value: unknown;
  file: string;
  line: number;
  outcome: "arrives" | "overridden" | "not read";
  /** One sentence: why the value is not used, or why it has no effect or will be refused although it is used. */
  reason?: string;
}

export interface Question {
  opened: OpenedTree;
  cluster: ClusterFacts;
  application: ExpandedApplication;
}

interface Answer {
  fates: Fate[];
  /** What could not be evaluated. */
  notes: string[];
}

/** How many values are checked for use by the templates: each takes several renders. */
const maxProbes = 20;

/** What became of every value of one file, or of those below a key. */
export async function fatesOfFile(question: Question, file: string, key: string | undefined): Promise<Answer> {
  const { opened, cluster, application } = question;
  const [content] = await opened.renderer.fileValues(opened.tree, [file]);
  const values = content!.values.filter(({ path }) => key === undefined || isBelow(path, key));
  if (values.length === 0 && key !== undefined) {
    const near = nearestName(
      key,
      content!.values.map(({ path }) => formatPath(path)),
    );
    throw usageError(`${file} does not set ${key}${near === undefined ? "" : `; did you mean ${near}?`}`);
  }
  const reason = whyUnread(opened.tree, cluster, application, file);
  if (values.length === 0) {
    const empty = content!.fault === undefined ? "it sets nothing" : `it cannot be read: ${content!.fault}`;
    return { fates: [{ key: "", value: null, file, line: 1, ...unread(reason ?? empty) }], notes: [] };
  }
  if (reason !== undefined) {
    const isPin = application.origins.includes(file);
    const fates = values.map((written) => ({
      ...fact(file, written),
      ...((isPin && asFact(written)) || unread(reason)),
    }));
    return { fates, notes: [] };
  }
  return judge(question, [{ file, values }]);
}

/** What became of a key in every file of the tree that sets it for this component, for any cluster. */
export async function fatesOfKey(question: Question, key: string): Promise<Answer> {
  const { opened, cluster, application } = question;
  const effective = await effectiveValues(opened, application);
  const inTree = ({ file }: { file: string }) => opened.tree.files.entry(file) !== undefined;
  const read = [...new Set(effective.read.filter(inTree).map(({ file }) => file))];
  const others = filesOf(opened, application.name).filter((file) => !read.includes(file));
  const contents = await opened.renderer.fileValues(opened.tree, [...read, ...others]);
  // A default of a packed chart or of a subchart is known by its key in the final values.
  const arriving = [...effective.values, ...effective.removed].filter(({ path }) => isBelow(path, key));
  const below = contents.map(({ file, values }) => ({
    file,
    values: values.filter((written) => isBelow(written.path, key) || arriving.some((v) => isFrom(v, file, written))),
  }));
  const { fates, notes } = await judge(
    question,
    below.filter(({ file }) => read.includes(file)),
  );
  for (const { file, values } of below.filter((found) => others.includes(found.file))) {
    const reason = whyUnread(opened.tree, cluster, application, file) ?? "no Application reads it";
    fates.push(...values.map((written) => ({ ...fact(file, written), ...unread(reason) })));
  }
  fates.push(...elsewhere(arriving.filter((value) => !inTree(value) || !read.includes(value.file))));
  if (fates.length > 0) return { fates, notes };
  const known = [
    ...effective.values.map((value) => value.key),
    ...contents.flatMap(({ values }) => values.map(({ path }) => formatPath(path))),
  ];
  const near = nearestName(key, [...new Set(known)]);
  const offer = near === undefined ? "" : `; did you mean ${near}?`;
  throw usageError(`no file sets ${key} for ${application.name}, in any stage, region or cluster${offer}`);
}

/**
 * Values that do not come from a values file of the tree but from a packed chart, a fact of the cluster or the Application itself.
 */
function elsewhere(arriving: readonly ExplainedValue[]): Fate[] {
  return arriving.map(({ key, value, file, line }) => ({ key, value, file, line, outcome: "arrives" }));
}

type Contents = Pick<FileValues, "file" | "values">;

/** The fates of values in files that the Application reads. */
async function judge({ opened, cluster, application }: Question, files: readonly Contents[]): Promise<Answer> {
  const plain = await effectiveValues(opened, application);
  const all = [...plain.values, ...plain.removed];
  const arrives = files.flatMap(({ file, values }) =>
    values.flatMap((written) => all.find((value) => value.file === file && isFrom(value, file, written)) ?? []),
  );
  const probe = arrives.length > maxProbes ? [] : arrives.map(({ path }) => path);
  const effective = probe.length === 0 ? plain : await effectiveValues(opened, application, probe);
  const unused = new Set(effective.unused.map((path) => formatPath(path)));
  const fates = files.flatMap(({ file, values }) =>
    values.map((written): Fate => {
      const own = all.find((value) => value.file === file && isFrom(value, file, written));
      if (own === undefined) return overridden(all, plain.removed, file, written);
      const reason = uselessness(own, effective, unused) ?? exceptionFault(opened, cluster, application.name, file);
      return { ...fact(file, written), key: own.key, outcome: "arrives", ...(reason !== undefined && { reason }) };
    }),
  );
  return { fates, notes: effective.notes };
}

/** Whether a file sets the value that is used, or one that it overrode. */
function isFrom(
  { path, file, line, overrides }: ExplainedValue,
  from: string,
  written: { path: readonly string[]; line: number },
): boolean {
  const ends = written.path.every((step, at) => path[path.length - written.path.length + at] === step);
  return ends && [{ file, line }, ...overrides].some((place) => place.file === from && place.line === written.line);
}

function overridden(
  all: readonly ExplainedValue[],
  removed: readonly ExplainedValue[],
  file: string,
  written: WrittenValue,
): Fate {
  const starts = (long: readonly string[], short: readonly string[]) => short.every((step, at) => long[at] === step);
  const lost = all.find((value) => isFrom(value, file, written));
  const path = lost?.path ?? written.path;
  const fate = { ...fact(file, { ...written, path }), outcome: "overridden" as const };
  const taken = removed.find((found) => found === lost || starts(path, found.path));
  if (taken !== undefined && (lost === undefined || lost === taken)) {
    return { ...fate, reason: `the null in ${at(taken)} removes it` };
  }
  const winner = lost ?? all.find((found) => starts(path, found.path) || starts(found.path, path));
  if (winner === undefined) return { ...fate, reason: "a later layer replaces the mapping it is in" };
  const what = winner.key === fate.key ? "" : `${winner.key} `;
  return { ...fate, reason: `${at(winner)} sets ${what}${showValue(winner.value, 60)}` };
}

/** Why a value that is used changes nothing. */
function uselessness(own: ExplainedValue, { values, disabled }: Effective, unused: ReadonlySet<string>) {
  const { key, path } = own;
  const off = disabled.find((name) => key === name || key.startsWith(`${name}.`));
  if (off !== undefined) return `nothing reads it: the subchart ${off} is switched off by its condition or tags`;
  if (!unused.has(formatPath(path))) return undefined;
  const isDefault = ({ layer, overrides }: ExplainedValue) =>
    layer === "chart" || overrides.some((written) => written.layer === "chart");
  const defaults = values.filter(isDefault).map((value) => value.key);
  const near = isDefault(own) ? undefined : nearestName(key, defaults);
  const offer = near === undefined ? "" : `; the chart knows ${near}, did you mean that?`;
  return `no manifest changes with it: no template of the chart uses it here${offer}`;
}

/** Why the check refuses a cluster's own file, although Argo CD reads it. */
function exceptionFault({ tree }: OpenedTree, { name }: ClusterFacts, component: string, file: string) {
  const { role } = roleOf(file);
  if (role !== "cluster-values" && role !== "cluster-pin") return undefined;
  const path = `gitops/clusters/${name}/exceptions.yaml`;
  const exceptions = tree.files.yaml(path);
  const entries = (exceptions && readExceptions(exceptions).value) ?? [];
  const entry = entries.find(
    (found) => found.component === component && (found.pin !== undefined) === (role === "cluster-pin"),
  );
  if (entry === undefined) return `but \`onebranch check\` refuses it: ${path} has no entry for ${component}`;
  const today = new Date().toISOString().slice(0, 10);
  return isExpired(entry, today)
    ? `but \`onebranch check\` refuses it: its exception expired on ${entry.expires}`
    : undefined;
}

/** What becomes of an entry of a pin's `facts`, which is no value itself. */
function asFact({ path: [key, name], value }: WrittenValue): Pick<Fate, "outcome" | "reason"> | undefined {
  if (key !== "facts" || name === undefined) return undefined;
  return { outcome: "arrives", reason: `the chart gets the fact ${String(value)} of the cluster as ${name}` };
}

function unread(reason: string): Pick<Fate, "outcome" | "reason"> {
  return { outcome: "not read", reason };
}

function fact(file: string, { path, value, line }: WrittenValue) {
  return { key: formatPath(path), value, file, line };
}

/** Files that may set values of a component, for any cluster. */
function filesOf({ tree }: OpenedTree, component: string): string[] {
  const directory = componentDirectory(tree, component);
  return tree.files.entries
    .map(({ path }) => path)
    .filter((path) => {
      if (directory !== undefined && path.startsWith(`${directory}/`)) return /\.ya?ml$/.test(path);
      const file = roleOf(path);
      return (file.role === "cluster-values" || file.role === "cluster-pin") && file.component === component;
    });
}

function at({ file, line, layer }: Pick<ExplainedValue, "file" | "line" | "layer">): string {
  return `${file}:${line} (${layer})`;
}
