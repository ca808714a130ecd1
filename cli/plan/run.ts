import type { Context } from "../command";
import { TreeEngine } from "../engine";
import { createProgress } from "../progress";
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
  const engine = await TreeEngine.open({
    root: context.root(),
    env: context.io.env,
    progress: (text) => progress.line(text),
    ...settings,
  });
  try {
    const sides = await openSides(engine, request);
    const scope = await scopeOf(engine, sides, request);
    const difference = await engine.diff(sides.base, sides.head, {
      ...(scope.clusters ? { clusters: scope.clusters } : {}),
      ...(scope.components ? { applications: scope.components } : {}),
    });
    return await planFacts(engine, { ...sides, difference, ...(scope.clusters ? { clusters: scope.clusters } : {}) });
  } finally {
    engine.close();
    progress.stop();
  }
}
