import type { RendererTree, Renderer } from "../../tree/renderer";
import { commitOf, mergeBase } from "../../tree/git";
import { unknownName, usageError } from "../../terminal/fail";
import { componentNames } from "../../tree/open";
import { clustersOf } from "./cluster-words";

/** What a command line asks to compare, and of what. */
export interface PlanRequest {
  base?: string;
  head?: string;
  stages: readonly string[];
  clusters: readonly string[];
  components: readonly string[];
}

/** The two trees of a request and what the plan calls them. */
export interface Sides {
  base: RendererTree;
  head: RendererTree;
  names: { base: string; head: string };
}

/**
 * Opens the two trees: BASE and HEAD as they are, `A...B` from the merge base of both, nothing at all for the
 * working tree against the commit that the branch started from.
 * @throws UserError when a name is not a commit, or a shallow clone does not reach back far enough
 */
export async function openSides(renderer: Renderer, request: PlanRequest): Promise<Sides> {
  // The working tree is read while Git looks for the commit that it started from.
  const working = request.head === undefined && !range.test(request.base ?? "") ? renderer.tree() : undefined;
  working?.catch(() => undefined);
  const { from, to } = await revisions(renderer, request);
  const [base, head] = await Promise.all([renderer.tree(from), working ?? renderer.tree(to)]);
  return { base, head, names: { base: base.files.commit ?? from, head: head.files.commit ?? "working tree" } };
}

/** `A..B`, or `A...B` from the merge base of both. */
const range = /^(.*?)(\.{2,3})(.*)$/;

async function revisions(renderer: Renderer, { base, head }: PlanRequest): Promise<{ from: string; to?: string }> {
  const ends = range.exec(base ?? "");
  if (ends) {
    const [, left = "", dots, right = ""] = ends;
    if (head !== undefined) throw usageError(`"${base}" names both sides already; leave out "${head}"`);
    const [from, to] = [left || "HEAD", right || "HEAD"];
    if (dots === "..") return { from, to };
    // A name that is not a commit gets that message, not the one about having nothing in common.
    for (const name of [from, to]) await commitOf(renderer.checkout.repository, name);
    return { from: await mergeBase(renderer.checkout.repository, from, to), to };
  }
  const to = head === undefined ? {} : { to: head };
  return { from: base ?? (await startOf(renderer, head ?? "HEAD")), ...to };
}

/** The commit that work started from. In a clone without a main branch it is unknown, which must not look like "no change". */
async function startOf(renderer: Renderer, head: string): Promise<string> {
  const start = await renderer.base(head);
  if (start !== undefined) return start;
  throw usageError(
    "this clone has no branch main or master, and its remote names no other, so it cannot tell where the work started; name BASE, or fetch the branch (in GitHub Actions: fetch-depth: 0)",
  );
}

export interface Scope {
  clusters?: string[];
  components?: string[];
}

/**
 * The clusters and components that a request means.
 * @throws UserError when a name matches nothing, or the names contradict each other
 */
export async function scopeOf(renderer: Renderer, { base, head }: Sides, request: PlanRequest): Promise<Scope> {
  const { stages, clusters, components } = request;
  const all = clustersOf([head, base]);
  const unreadable = [base, head].flatMap((side) => side.unreadable.map(({ cluster }) => cluster));
  for (const name of stages)
    known(
      "stage",
      name,
      all.map(({ stage }) => stage),
    );
  for (const name of clusters) known("cluster", name, [...all.map((cluster) => cluster.name), ...unreadable]);
  const scope: Scope = {};
  if (stages.length > 0 || clusters.length > 0) {
    const chosen = all
      .filter(
        ({ name, stage }) =>
          (stages.length === 0 || stages.includes(stage)) && (clusters.length === 0 || clusters.includes(name)),
      )
      .map(({ name }) => name);
    const broken = stages.length > 0 ? [] : clusters.filter((name) => unreadable.includes(name));
    if (chosen.length + broken.length === 0) {
      throw usageError(`no cluster is both in stage ${stages.join(", ")} and named ${clusters.join(", ")}`);
    }
    scope.clusters = [...new Set([...chosen, ...broken])];
  }
  if (components.length > 0) {
    await knownComponents(renderer, [base, head], components);
    scope.components = [...new Set(components)];
  }
  return scope;
}

async function knownComponents(renderer: Renderer, sides: RendererTree[], names: readonly string[]): Promise<void> {
  // Bootstrap makes all of them.
  let all = ["bootstrap", ...componentNames(...sides)];
  if (names.some((name) => !all.includes(name))) {
    // An Application may also be made without a directory of its own.
    const made = await Promise.all(sides.map((side) => renderer.expand(side)));
    all = [...new Set([...all, ...made.flatMap(({ applications }) => applications.map(({ name }) => name))])].sort();
  }
  for (const name of names) known("component", name, all);
}

function known(what: string, name: string, allowed: readonly string[]): void {
  if (!allowed.includes(name)) throw unknownName(what, name, allowed, { where: " on either side" });
}
