import { isDeepStrictEqual } from "node:util";
import { unknownName, usageError } from "../terminal/fail";
import type { PinFile, PinnedComponent, Pins } from "./pins";
import { stepsThrough, type Step } from "./step";

export * from "./step";

/**
 * Refuses a ring that a stage does not have.
 * @throws UserError that names the rings of the stage
 */
export function refuseUnknownRing({ stage, ring }: Step, known: readonly string[]): void {
  if (ring === undefined || known.includes(ring)) return;
  if (known.length === 0) throw usageError(`the stage ${stage} has no rings; leave out --ring ${ring}`);
  throw unknownName("ring", ring, known, { where: ` in ${stage}` });
}

/** What a place has: the pin of its ring, or else that of its stage. */
export function pinAt(component: PinnedComponent, step: Step): PinFile | undefined {
  return ownPinAt(component, step) ?? component.pins.get(step.stage);
}

/** The pin file of a stage, or of a ring while something is on its way. */
export function ownPinAt({ pins, rings }: PinnedComponent, { stage, ring }: Step): PinFile | undefined {
  return ring === undefined ? pins.get(stage) : rings.get(stage)?.get(ring)?.pin;
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
    return stepsThrough(stage, rings).slice(0, 1);
  });
}
