import { compareText } from "../../../../model/findings";
import { dangerIds, ruleTexts, type DangerId } from "../../../../model/rules";
import type { Danger, Level } from "../types";
import { applicationDangers } from "./application";
import { boundaryDangers } from "./boundary";
import { rbacDangers } from "./rbac";
import { withRightsTogether } from "./rights";
import { removalDangers } from "./removal";
import type { Observation } from "../../../tree/changes/observation";
import type { Subject } from "./subject";
import { updateDangers } from "./updates";

const rules: readonly ((subject: Subject) => Observation[])[] = [
  removalDangers,
  updateDangers,
  boundaryDangers,
  rbacDangers,
  applicationDangers,
];

/**
 * Everything dangerous about the variants of one change, the worst first. What applies to several variants is reported
 * once, with its clusters when these are not all.
 * @param place says clusters in words
 * @param more what is known of the change besides, each with its clusters
 */
export function dangersOf(
  subjects: readonly Subject[],
  place: (clusters: readonly string[]) => string,
  more: readonly Observation[] = [],
): Danger[] {
  const merged = new Map<string, Observation & { clusters: string[] }>();
  const add = (found: Observation, clusters: readonly string[]) => {
    const key = JSON.stringify([found.id, found.say(""), found.resources]);
    const same = merged.get(key);
    if (same) same.clusters.push(...clusters);
    else merged.set(key, { ...found, clusters: [...clusters] });
  };
  for (const subject of subjects) {
    for (const found of rules.flatMap((rule) => rule(subject))) add(found, found.clusters ?? subject.change.clusters);
  }
  for (const found of more) add(found, found.clusters ?? []);
  const all = new Set(subjects.flatMap(({ change }) => change.clusters)).size;
  const found = [...merged.values()]
    .map(({ id, say, resources, clusters }): Danger => {
      const everywhere = new Set(clusters).size === all;
      const message = say(everywhere ? "" : ` in ${place(clusters)}`);
      const where = everywhere ? {} : { clusters: [...clusters].sort(compareText) };
      return { id, level: levelOf(id), message, resources, ...where };
    })
    .sort((a, b) => rank(a.id) - rank(b.id) || compareText(a.message, b.message));
  const { application, change } = subjects[0]!.change;
  return change === "add" ? withRightsTogether(application, found, all) : found;
}

/** The position in the order of danger; 0 is the worst. */
export function rank(id: DangerId): number {
  return dangerIds.indexOf(id);
}

/** The plan's word for what a check calls an error or a warning. */
function levelOf(id: DangerId): Level {
  return ruleTexts[id].severity === "error" ? "high" : "medium";
}
