import { isDeepStrictEqual } from "node:util";
import { roleOf } from "../file-roles";
import type { ApplicationChange, FieldChange, ResourceChange } from "../renderer";

type Documents = ReadonlyMap<string, unknown>;

/** Whether a change only adds (objects, keys, entries of lists), as a new component needs it, and leaves the rest as it is. */
export function onlyAdds({ change, spec, resources }: ApplicationChange, documents: Documents): boolean {
  return change === "change" && spec === undefined && resources.every((one) => isAdded(one, documents));
}

/**
 * Whether bootstrap only makes room for what comes later, which runs nothing and takes nothing away: namespaces, AppProjects,
 * what a project lists as its namespaces and repositories, who is in a team, sets that make nothing yet, and templates of sets that
 * make the same Applications as before.
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
        return what === "add" || isOfPeople(one);
      case "AppProject":
        return what === "add" || (within(ofRoom) && isAdded(one, documents)) || isOfPeople(one, ofRoom);
      case "ApplicationSet":
        return isSetHarmless && (what === "add" || within(/^spec\.(template|templatePatch)\b/));
      default:
        return false;
    }
  });
}

/** Where a project may deploy to, and from. */
const ofRoom = /^spec\.(destinations|sourceRepos)\b/;

/** Fields that say who may do what, whom to tell, and what a team is called. */
const ofPeople: Readonly<Record<string, RegExp>> = {
  RoleBinding: /^subjects\b/,
  AppProject: /^(spec\.(roles|description)\b|metadata\.annotations\["notifications\.argoproj\.io\/)/,
  Namespace: /^metadata\.annotations\["onebranch\.dev\/contact"\]/,
};

/**
 * Whether a change comes from files of teams, and only adds what a team has or changes its people: nothing of it differs between
 * stages, and no pod runs differently.
 */
export function onlyTeams({ change, spec, resources, readings }: ApplicationChange, documents: Documents): boolean {
  const files = readings.flatMap(({ inputs }) => inputs.map(({ path }) => path));
  const ofTeams = files.length > 0 && files.every((path) => roleOf(path).role === "team");
  if (change !== "change" || spec !== undefined || !ofTeams) return false;
  return resources.every((one) => isOfPeople(one, ofRoom) || isAdded(one, documents));
}

/** @param room fields that may get something new besides */
function isOfPeople({ kind, change, fields = [] }: ResourceChange, room?: RegExp): boolean {
  const people = ofPeople[kind];
  const fits = ({ path, from }: FieldChange) => people?.test(path) || (from === undefined && room?.test(path));
  return change === "change" && fields.length > 0 && fields.every(fits);
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
