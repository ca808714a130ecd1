/** Something that a rule needs and that is not there. */
export interface Missing {
  missing: string;
  /** What to do to get it. */
  fix: string;
}

/** Whether something that a rule needs is not there. */
export function isMissing(value: object): value is Missing {
  return "missing" in value;
}
