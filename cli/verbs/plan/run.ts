import type { Context } from "../../command";
import { Renderer } from "../../tree/renderer";
import { createProgress } from "../../terminal/progress";
import { planFacts } from "./facts";
import { openSides, scopeOf, type PlanRequest } from "./request";
import type { Plan } from "./types";

export interface EngineSettings {
  /** Directory with packed charts of others. */
  charts?: string;
  offline: boolean;
}

/** Computes a plan; nothing is written but caches. */
export async function makePlan(context: Context, request: PlanRequest, settings: EngineSettings): Promise<Plan> {
  const progress = createProgress(context.io);
  const renderer = await Renderer.open({
    root: context.root(),
    env: context.io.env,
    progress: (text) => progress.line(text),
    ...settings,
  });
  try {
    const sides = await openSides(renderer, request);
    const scope = await scopeOf(renderer, sides, request);
    const difference = await renderer.diff(sides.base, sides.head, {
      ...(scope.clusters ? { clusters: scope.clusters } : {}),
      ...(scope.components ? { applications: scope.components } : {}),
    });
    return await planFacts(renderer, { ...sides, difference, ...(scope.clusters ? { clusters: scope.clusters } : {}) });
  } finally {
    renderer.close();
    progress.stop();
  }
}
