import type { Context } from "../../command";
import { Renderer } from "../../tree/renderer";
import { createProgress } from "../../terminal/progress";
import { planBetween } from "./between";
import { openSides, scopeOf, type PlanRequest } from "./request";
import type { Plan } from "./types";

export interface EngineSettings {
  /** Directory with packed third-party charts. */
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
    const { clusters, components: applications } = await scopeOf(renderer, sides, request);
    return (await planBetween(renderer, sides, { clusters, applications })).plan;
  } finally {
    renderer.close();
    progress.stop();
  }
}
