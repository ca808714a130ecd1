import type { Filter, Renderer } from "../../tree/renderer";
import { planFacts } from "./facts";
import type { TextOptions } from "./report/text";
import type { Sides } from "./request";
import type { Plan } from "./types";

/** A plan and the text that shows it. */
export interface ShownPlan {
  plan: Plan;
  text(options: TextOptions): string;
}

/** What differs between two trees, in some or all of their clusters and components. Other verbs use this of `plan` only. */
export async function planBetween(renderer: Renderer, sides: Sides, filter: Filter): Promise<ShownPlan> {
  const plan = await planOf(renderer, sides, filter);
  return {
    plan,
    text(options) {
      const { planText } = require("./report/text") as typeof import("./report/text");
      return planText(plan, options);
    },
  };
}

async function planOf(renderer: Renderer, sides: Sides, filter: Filter): Promise<Plan> {
  const { clusters } = filter;
  // To the renderer an empty list means all clusters.
  if (clusters?.length === 0) {
    return { ...sides.names, clusters: [], changes: [], notEvaluated: [], failed: [], unsteady: [] };
  }
  const difference = await renderer.diff(sides.base, sides.head, filter);
  return planFacts(renderer, { ...sides, difference, clusters });
}
