/** Something that a rule needs but that is missing. */
export interface Missing {
  missing: string;
  /** What to do to get it. */
  fix: string;
}

/** Whether something that a rule needs is missing. */
export function isMissing(value: object): value is Missing {
  return "missing" in value;
}
