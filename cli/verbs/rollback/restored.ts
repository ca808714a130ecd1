import { git } from "../../../machine/git";
import { failure, unknownName, usageError } from "../../terminal/fail";
import { allOf } from "../../terminal/table";
import type { Checkout } from "../../tree/checkout";
import type { EditedFile } from "../../tree/edit";
import { commitOf } from "../../tree/git";
import type { GitTree } from "../../tree/git-tree";
import type { Pins } from "../../tree/pins";
import { refuseUnknownRing, stepAt, stepName } from "../../tree/ring-steps";

/** What of a component is restored. */
export interface Scope {
  component: string;
  /** Missing: all of the component. */
  stage?: string | undefined;
  ring?: string | undefined;
  /** The directory that is restored as a whole. */
  directory: string;
}

/** The commit that is restored. */
export interface Earlier {
  commit: string;
  /** The first line of its message. */
  subject: string;
  tree: GitTree;
}

/**
 * The directory that a command line means.
 * @throws UserError when a name is wrong
 */
export function scopeOf(pins: Pins, name: string, said: string | undefined, ring: string | undefined): Scope {
  const component = pins.components.find((one) => one.name === name);
  if (component === undefined) {
    throw unknownName(
      "component",
      name,
      pins.components.map((one) => one.name),
    );
  }
  if (said !== undefined && !pins.stages.includes(said)) throw unknownName("stage", said, pins.stages);
  const stage = said ?? (ring === undefined ? undefined : stageWith(pins, ring));
  if (ring !== undefined && stage !== undefined) {
    const rings = pins.rings.get(stage) ?? [];
    refuseUnknownRing({ stage, ring }, rings);
    if (ring === rings.at(-1)) {
      throw failure(
        `${ring} is the last ring of ${stage}, and what it has is the stage's own; leave out --ring to restore the stage`,
      );
    }
  }
  const parts = [component.directory, ...(stage === undefined ? [] : ["stages", stage])];
  return {
    component: name,
    stage,
    ring,
    directory: [...parts, ...(ring === undefined ? [] : ["rings", ring])].join("/"),
  };
}

/** The stage that a ring is of, where one alone has a ring of that name. */
function stageWith({ stages, rings }: Pins, ring: string): string {
  const having = stages.filter((stage) => rings.get(stage)?.includes(ring));
  if (having.length > 1)
    throw usageError(`${allOf(having)} have a ring ${ring}; say which of them is meant with --stage STAGE`);
  const [only] = having;
  if (only === undefined) throw unknownName("ring", ring, [...rings.values()].flat());
  return only;
}

/** `orders`, `orders in prod`, `orders in prod/canary`. */
export function scopeWords({ component, stage, ring }: Scope): string {
  if (stage === undefined) return component;
  return `${component} in ${stepName(stepAt(stage, ring))}`;
}

/**
 * The commit to restore: the one that is named, or the one before the last change in the scope.
 * @throws UserError when there is none, or it is not in the history of this branch
 */
export async function earlierOf(checkout: Checkout, scope: Scope, named: string | undefined): Promise<Earlier> {
  const { repository } = checkout;
  const commit = named === undefined ? await beforeLastChange(checkout, scope) : await commitOf(repository, named);
  if (named !== undefined) {
    const inHistory = await git(repository.root, [
      "merge-base",
      "--is-ancestor",
      "--end-of-options",
      commit,
      "HEAD",
    ]).then(
      () => true,
      () => false,
    );
    if (!inHistory)
      throw failure(
        `${named} is not in the history of this branch; name an earlier commit of it: git log -- ${scope.directory}`,
      );
  }
  const subject = (await git(repository.root, ["log", "-1", "--format=%s", commit])).toString().trim();
  return { commit, subject, tree: await checkout.tree(commit) };
}

async function beforeLastChange({ repository }: Checkout, scope: Scope): Promise<string> {
  const args = ["log", "-1", "--format=%H %P", "--", scope.directory];
  const [last, parent] = (await git(repository.root, args)).toString().trim().split(" ");
  if (!last)
    throw failure(`no commit has changed ${scopeWords(scope)} (${scope.directory}); there is nothing to go back to`);
  if (parent) return parent;
  const more = repository.shallow ? "; this clone is shallow: git fetch --unshallow" : "";
  throw failure(`${scopeWords(scope)} has not changed since the first commit; there is nothing to go back to${more}`);
}

/**
 * What makes the scope what it was, file by file; empty where it is so already.
 * @throws UserError when the component was not there
 */
export function restoringEdits(now: GitTree, { tree, commit, subject }: Earlier, scope: Scope): EditedFile[] {
  const inScope = ({ path }: { path: string }) => path.startsWith(`${scope.directory}/`);
  const [before, here] = [tree, now].map(({ entries }) => entries.filter(inScope).map(({ path }) => path));
  // A ring without files is at rest, and so has been restored; a stage or a component without any was not there.
  if (before!.length === 0 && scope.ring === undefined) {
    throw failure(
      `${scopeWords(scope)} was not there at ${commit.slice(0, 10)} (${subject}): going back would remove it; name a later commit with --to, or remove ${scope.directory} in a commit of your own`,
    );
  }
  return [...new Set([...before!, ...here!])].sort().flatMap((path): EditedFile[] => {
    if (tree.entry(path)?.oid === now.entry(path)?.oid) return [];
    return [{ path, text: tree.read(path) ?? null }];
  });
}
