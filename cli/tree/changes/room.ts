import { isDeepStrictEqual } from "node:util";
import type { ApplicationChange, ResourceChange } from "../renderer";

type Documents = ReadonlyMap<string, unknown>;

/** Whether a change only adds (objects, keys, entries of lists), as a new component needs it, and leaves the rest as it is. */
export function onlyAdds({ change, spec, resources }: ApplicationChange, documents: Documents): boolean {
  return change === "change" && spec === undefined && resources.every((one) => isAdded(one, documents));
}

/**
 * Whether bootstrap only makes room for what comes later, which runs nothing and takes nothing away: namespaces, AppProjects,
 * what a project lists as its namespaces and repositories, and templates of sets that make the same Applications as before.
 * @param all every change of the trees
 */
export function onlyMakesRoom(
  change: ApplicationChange,
  all: readonly ApplicationChange[],
  documents: Documents,
): boolean {
  if (change.application !== "bootstrap" || change.change !== "change" || change.spec !== undefined) return false;
  // What changes without a file of its own changes with its set.
  const isSetHarmless = all.every(
    (one) =>
      one.application === "bootstrap" ||
      one.readings.every(({ inputs }) => inputs.some(({ path }) => !isOfBootstrap(path))),
  );
  return change.resources.every((one) => {
    const { kind, change: what, fields = [] } = one;
    const within = (pattern: RegExp) => what === "change" && fields.every(({ path }) => pattern.test(path));
    switch (kind) {
      case "Namespace":
        return what === "add";
      case "AppProject":
        return what === "add" || (within(/^spec\.(destinations|sourceRepos)\b/) && isAdded(one, documents));
      case "ApplicationSet":
        return isSetHarmless && within(/^spec\.(template|templatePatch)\b/);
      default:
        return false;
    }
  });
}

const isOfBootstrap = (path: string) => path.startsWith("gitops/bootstrap/");

function isAdded({ change, before = "", after = "" }: ResourceChange, documents: Documents): boolean {
  return change === "add" || (change === "change" && isPart(documents.get(before), documents.get(after)));
}

/** Whether a value has everything that another one has: its keys, and the entries of its lists in any order. */
function isPart(part: unknown, whole: unknown): boolean {
  if (Array.isArray(part)) {
    return (
      Array.isArray(whole) && part.every((entry) => whole.some((other: unknown) => isDeepStrictEqual(entry, other)))
    );
  }
  if (typeof part !== "object" || part === null) return part !== undefined && part === whole;
  if (typeof whole !== "object" || whole === null) return false;
  return Object.entries(part).every(([key, value]) => isPart(value, (whole as Record<string, unknown>)[key]));
}
