import { UserError } from "../../model/errors";
import type { Context, Input } from "../command";
import type { WorkingTree } from "../tree/checkout";
import { withTree, type OpenedTree } from "../tree/open";
import type { Promotions } from "./promotions";
import { planBetween, type ShownPlan } from "../verbs/plan/between";

/** What a promotion changes in the clusters. */
export interface PlannedPromotion {
  shown?: ShownPlan;
  /** Why there is no plan. */
  unplanned?: string;
}

/** What the new pins change, computed before they are written. That no plan can be made is no reason against a promotion. */
export async function planPromotion(
  input: Input,
  context: Context,
  working: WorkingTree,
  { to, promotions }: Promotions,
): Promise<PlannedPromotion> {
  const edits = promotions.flatMap((promotion) => promotion.edits);
  if (edits.length === 0) return {};
  if ("missing" in working) return { unplanned: working.missing.message };
  const plan = async ({ renderer, tree }: OpenedTree): Promise<PlannedPromotion> => {
    const head = await renderer.overlay(tree, edits);
    const clusters = head.clusters.filter(({ secrets }) => secrets[0]?.labels.stage === to);
    const names = { base: "before", head: "after the promotion" };
    const filter = {
      clusters: clusters.map(({ name }) => name),
      applications: promotions.map(({ component }) => component),
    };
    return { shown: await planBetween(renderer, { base: tree, head, names }, filter) };
  };
  try {
    return await withTree(context, input, plan, working);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { unplanned: error.message };
  }
}

/** A plan as text, or why there is none. */
export function plannedText({ shown, unplanned }: PlannedPromotion, colour: boolean): string {
  if (unplanned !== undefined) return `\nwhat this changes in the clusters could not be computed: ${unplanned}\n`;
  return shown === undefined ? "" : `\n${shown.text({ colour, columns: 100 })}`;
}
