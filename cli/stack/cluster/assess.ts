import { rootSet } from "../../../model/root";
import { isBehind, shortCommit } from "./commits";
import type { Application, ApplicationSet } from "./reader";

/** What one look at the cluster shows. */
export interface Assessment {
  /** What is not yet as it should be, most basic first; empty = done. */
  missing: readonly string[];
  /** Applications that Argo CD should compare with Git now. */
  refresh: readonly Request[];
  /** ApplicationSets that should generate from Git now. */
  generate: readonly Request[];
}

interface Request {
  name: string;
  /** Tells one request from another: the same thing is asked for once per commit. */
  key: string;
}

/**
 * Judges one look at the cluster. An ApplicationSet counts only after it was asked to generate at this commit and has
 * done so: before that its Applications may be those of an older commit, or not yet there at all.
 */
export function assess(
  applications: readonly Application[],
  sets: readonly ApplicationSet[],
  commit: string | undefined,
  asked: ReadonlySet<string>,
): Assessment {
  const roots = applications.filter(({ madeBy }) => madeBy === rootSet);
  if (roots.length === 0) {
    const error = sets.find(({ name }) => name === rootSet)?.error;
    return onlyMissing(
      `the ApplicationSet ${rootSet} to make its Application${error === undefined ? "" : `: ${error}`}`,
    );
  }
  const at = commit ?? roots[0]!.revisions[0];
  const troubled = roots.filter((root) => faultsOf(root, at).length > 0);
  if (troubled.length > 0) return waitFor(troubled, at, asked);

  const children = roots.flatMap(({ applicationSets }) => applicationSets);
  const missing: string[] = [];
  const generate: Request[] = [];
  for (const name of children) {
    const set = sets.find((each) => each.name === name);
    const key = `applicationset ${name} ${at}`;
    if (set !== undefined && !set.refreshing && !asked.has(key)) generate.push({ name, key });
    const done = set !== undefined && asked.has(key) && !set.refreshing && set.upToDate && set.error === undefined;
    if (!done) missing.push(`the ApplicationSet ${name} to make its Applications${set?.error ? `: ${set.error}` : ""}`);
  }
  const made = applications.filter(({ madeBy }) => madeBy !== undefined && children.includes(madeBy));
  const rest = waitFor(made, at, asked);
  return { missing: [...missing, ...rest.missing], refresh: rest.refresh, generate };
}

/** What is wrong with an Application that should be Synced and Healthy at a commit; empty = nothing. */
export function faultsOf(application: Application, commit: string | undefined): string[] {
  const { sync, health, revisions, phase, current, refreshing, deleting } = application;
  const faults: string[] = [];
  if (sync !== "Synced") faults.push(sync);
  if (health !== "Healthy") faults.push(health);
  if (commit !== undefined && isBehind(revisions, commit)) {
    faults.push(`at ${revisions.map(shortCommit).join(", ")}, not ${shortCommit(commit)}`);
  }
  if (deleting) faults.push("being deleted");
  if (phase === "Running") faults.push("still syncing");
  if (!current || refreshing) faults.push("not compared yet");
  return faults;
}

function waitFor(
  applications: readonly Application[],
  commit: string | undefined,
  asked: ReadonlySet<string>,
): Assessment {
  const missing: string[] = [];
  const refresh: Request[] = [];
  for (const application of applications) {
    const faults = faultsOf(application, commit);
    if (faults.length === 0) continue;
    missing.push(`${application.name} (${faults.join(", ")})`);
    const key = `application ${application.name} ${commit}`;
    const behind = commit !== undefined && isBehind(application.revisions, commit);
    if (behind && !application.refreshing && !asked.has(key)) refresh.push({ name: application.name, key });
  }
  return { missing, refresh, generate: [] };
}

function onlyMissing(what: string): Assessment {
  return { missing: [what], refresh: [], generate: [] };
}
