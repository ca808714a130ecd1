/** Everything that is not equal, as `path: ours X, theirs Y`; an empty list means equal in every field. */
export function differences(ours: unknown, theirs: unknown, path = ""): string[] {
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    const length = Math.max(ours.length, theirs.length);
    return Array.from({ length }, (_, i) => differences(ours[i], theirs[i], `${path}[${i}]`)).flat();
  }
  if (isMap(ours) && isMap(theirs)) {
    const keys = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort();
    return keys.flatMap((key) => differences(ours[key], theirs[key], path === "" ? key : `${path}.${key}`));
  }
  if (Object.is(ours, theirs)) return [];
  return [`${path}: onebranch ${text(ours)}, Argo CD ${text(theirs)}`];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

/** Causes that the two sides put in words of their own; each pair means the same. */
const causes: { ours: RegExp; theirs: RegExp }[] = [
  {
    ours: /the annotation \S+ is an? \S+, not a text/,
    theirs: /annotations accessor error: contains non-string value/,
  },
  // Two releases of the library that checks schemas word the rest differently.
  { ours: /don't meet the specifications of the schema/, theirs: /don't meet the specifications of the schema/ },
  { ours: /unsupported map key of type/, theirs: /unsupported map key of type/ },
  { ours: /makes an object without kind/, theirs: /Object 'Kind' is missing/ },
  { ours: /does not exist/, theirs: /no such file or directory/ },
  { ours: /error calling slugify/, theirs: /error calling slugify: interface conversion/ },
];

/**
 * Whether two messages name the same cause: a clause of ours, from the last one backwards and long enough to say something, is
 * in theirs, or the pair is known.
 */
export function sameCause(ours: string, theirs: string): boolean {
  const plain = (message: string) => message.replace(/[\\"'`]/g, "").replace(/\s+/g, " ");
  const clauses = plain(ours).split(": ");
  const said = plain(theirs);
  for (let last = clauses.length; last > 0 && last >= clauses.length - 1; last--) {
    for (let first = last - 1; first >= 0; first--) {
      const clause = clauses.slice(first, last).join(": ").trim();
      if (clause.length < 12) continue;
      if (said.includes(clause)) return true;
      break;
    }
  }
  return causes.some((cause) => cause.ours.test(ours) && cause.theirs.test(theirs));
}
