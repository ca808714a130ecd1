import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../../model/errors";
import { compareText, type Finding } from "../../../model/findings";
import { daysLeftOf, isExpired, readExceptions as readEntries, type Exception } from "../../../model/exception";
import { readClusterPin, readPin } from "../../../model/pin";
import { lineAt } from "../../tree/values/yaml";
import type { ExpandedApplication } from "../../tree/renderer";
import { effectiveValues } from "../../tree/values/effective";
import { isBelow } from "../../tree/values/explained";
import type { OpenedTree } from "../../tree/open";

/** One entry of an exceptions.yaml, and its state on a given day. */
export interface ExceptionState extends Exception {
  cluster: string;
  file: string;
  line: number;
  /** Days until it ends; 0 on its last day, negative after that. */
  daysLeft: number;
  expired: boolean;
  /** Whether the cluster would differ without it; undefined when that could not be evaluated. */
  needed?: boolean;
  /** Why it is not needed, or not evaluated. */
  why?: string;
}

/** Reads the exceptions of every cluster; entries of a file with faults are left out and the faults returned. */
export async function readExceptions(
  opened: OpenedTree,
  today: string,
): Promise<{ exceptions: ExceptionState[]; findings: Finding[] }> {
  const { files } = opened.tree;
  const findings: Finding[] = [];
  const found: ExceptionState[] = [];
  for (const { path } of files.entries) {
    const cluster = /^gitops\/clusters\/([^/]+)\/exceptions\.yaml$/.exec(path)?.[1];
    if (cluster === undefined) continue;
    const file = files.yaml(path)!;
    const { value, findings: faults } = readEntries(file);
    findings.push(...faults);
    for (const [index, entry] of (value ?? []).entries()) {
      const daysLeft = daysLeftOf(entry, today);
      const line = lineAt(file, [index]) ?? 1;
      found.push({ ...entry, cluster, file: path, line, daysLeft, expired: isExpired(entry, today) });
    }
  }
  const clusters = [...new Set(found.map(({ cluster }) => cluster))];
  const readable = clusters.filter((name) => opened.tree.clusters.some((cluster) => cluster.name === name));
  const applications =
    readable.length === 0 ? [] : (await opened.renderer.expand(opened.tree, { clusters: readable })).applications;
  for (const entry of found) {
    const application = applications.find(({ cluster, name }) => cluster === entry.cluster && name === entry.component);
    Object.assign(entry, await judge(opened, entry, application));
  }
  return { exceptions: found.sort(compareStates), findings };
}

type Judgement = Pick<ExceptionState, "needed" | "why">;

async function judge(
  opened: OpenedTree,
  entry: ExceptionState,
  application: ExpandedApplication | undefined,
): Promise<Judgement> {
  if (application === undefined) return { needed: false, why: `${entry.component} is not in ${entry.cluster}` };
  const own = `gitops/clusters/${entry.cluster}/${entry.pin === undefined ? "values" : "pins"}/${entry.component}.yaml`;
  if (opened.tree.files.entry(own) === undefined) return { needed: false, why: `there is no ${own}` };
  return entry.pin === undefined
    ? judgeKeys(opened, entry, application, own)
    : judgePin(opened, entry, application, own);
}

/** Values are needed as long as the cluster would get others without its file. */
async function judgeKeys(
  opened: OpenedTree,
  entry: ExceptionState,
  application: ExpandedApplication,
  own: string,
): Promise<Judgement> {
  try {
    const { values, removed } = await effectiveValues(opened, application);
    const set = [...values, ...removed].filter(
      ({ path, file }) => file === own && (entry.keys ?? []).some((key) => isBelow(path, key)),
    );
    if (set.length === 0) return { needed: false, why: `${own} sets none of its keys` };
    if (set.some(({ value, overrides: [below] }) => below === undefined || !isDeepStrictEqual(value, below.value))) {
      return { needed: true };
    }
    return { needed: false, why: "the cluster would get the same without it" };
  } catch (error) {
    if (error instanceof UserError) return { why: error.message };
    throw error;
  }
}

/** A cluster's own pin is needed as long as it differs from the stage's. */
function judgePin(
  { tree }: OpenedTree,
  { component }: ExceptionState,
  { origins }: ExpandedApplication,
  own: string,
): Judgement {
  const stagePath = origins.find((path) => path.endsWith("/pin.yaml"));
  const [theirs, ours] = [stagePath && tree.files.yaml(stagePath), tree.files.yaml(own)];
  const stage = theirs && readPin(theirs).value;
  const mine = ours && readClusterPin(ours).value;
  if (!stage || !mine) return { why: `a pin of ${component} has faults` };
  const merged = { ...stage, ...mine, image: { ...stage.image, ...mine.image } };
  const same = isDeepStrictEqual(merged, { ...stage, image: { ...stage.image } });
  return same ? { needed: false, why: "the stage has the same pin by now" } : { needed: true };
}

/** Those that end first come first. */
function compareStates(a: ExceptionState, b: ExceptionState): number {
  return a.daysLeft - b.daysLeft || compareText(a.cluster, b.cluster) || a.line - b.line;
}
