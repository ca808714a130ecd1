/** A place on the way of a version: a stage, or a ring of it. */
export interface Step {
  stage: string;
  /** Missing in a stage without rings. */
  ring?: string;
}

/** The step that a stage, and perhaps a ring of it, is. */
export function stepAt(stage: string, ring: string | undefined): Step {
  return { stage, ...(ring !== undefined && { ring }) };
}

/** The steps through a stage: its rings in their order, or the stage itself. */
export function stepsThrough(stage: string, rings: readonly string[]): Step[] {
  return rings.length === 0 ? [{ stage }] : rings.map((ring) => ({ stage, ring }));
}

/** `prod`, or `prod/canary`. */
export function stepName({ stage, ring }: Step): string {
  return ring === undefined ? stage : `${stage}/${ring}`;
}

/** `prod`, or `the ring canary of prod`. */
export function stepWords({ stage, ring }: Step): string {
  return ring === undefined ? stage : `the ring ${ring} of ${stage}`;
}

/** The command line that takes a component one step on, for a sentence; with a ring it names that one. */
export function promoteLine(component: string, { stage, ring }: Step): string {
  return `onebranch promote ${component} --to ${stage}${ring === undefined ? "" : ` --ring ${ring}`}`;
}
