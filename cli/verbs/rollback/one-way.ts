import { someOf } from "../../terminal/table";
import { resourceName } from "../../tree/resource";
import type { ShownPlan } from "../plan/between";

/**
 * What of a way back does not take back what happened on the way there: dangers of the plan that restoring a file does not undo,
 * and Jobs, which have done their work. A reach over several rings is wanted here.
 */
export function oneWayChanges({ changes }: ShownPlan["plan"]): string[] {
  return changes.flatMap(({ component, dangers, resources }) => {
    const found = dangers
      .filter(({ id, level }) => level === "high" && id !== "crosses-rings")
      .map(({ id, message }) => `${message} [${id}]`);
    const jobs = resources.filter(({ kind }) => kind === "Job" || kind === "CronJob").map((job) => resourceName(job));
    const verb = jobs.length === 1 ? "changes" : "change";
    const ran = `${someOf(jobs)} of ${component} ${verb}: what ${jobs.length === 1 ? "it has" : "they have"} done already, such as a migration, stays done`;
    return [...found, ...(jobs.length > 0 ? [ran] : [])];
  });
}

/** The sentence that asks for `--yes`. */
export function refusalOf(found: readonly string[], words: string): string {
  return `going back does not undo everything, so ${words} stays as it is:\n${found.map((one) => `  ${one}`).join("\n")}\nmake sure that the older version can live with that, then run the same command with --yes`;
}
