import { isDeepStrictEqual } from "node:util";
import type { PinnedComponent, Pins } from "./pins";

/** Where a component goes next: a stage, or a ring of it. */
export interface Step {
  stage: string;
  /** Missing in a stage without rings. */
  ring?: string;
}

/** `prod`, or `prod/canary`. */
export function stepName({ stage, ring }: Step): string {
  return ring === undefined ? stage : `${stage}/${ring}`;
}

/** The place of the furthest ring that has files of a component, from 0; -1 where nothing is on its way through the stage. */
export function frontOf({ rings }: Pick<Pins, "rings">, component: PinnedComponent, stage: string): number {
  const having = component.rings.get(stage);
  return (rings.get(stage) ?? []).findLastIndex((ring) => having?.has(ring));
}

/** What `promote` would do next for a component: one step for each stage that has something to get. */
export function nextSteps(pins: Pins, component: PinnedComponent): Step[] {
  return pins.stages.flatMap((stage, index): Step[] => {
    const rings = pins.rings.get(stage) ?? [];
    const front = frontOf(pins, component, stage);
    if (front >= 0) return [{ stage, ring: rings[Math.min(front + 1, rings.length - 1)]! }];
    const [here, before] = [component.pins.get(stage)?.pin, component.pins.get(pins.stages[index - 1] ?? "")?.pin];
    if (here === undefined || before === undefined || isDeepStrictEqual(here, before)) return [];
    return [{ stage, ...(rings.length > 0 && { ring: rings[0]! }) }];
  });
}
