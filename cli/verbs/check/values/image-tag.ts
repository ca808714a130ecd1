/** Names of branches and channels. With a date, a commit or a full version after it, such a tag does not move. */
const channels =
  /^(canary|current|dev|develop|development|edge|head|latest|lts|main|master|next|nightly|prod|production|release|rolling|snapshot|stable|staging|test|testing|trunk|unstable)\b/i;

/** What makes a tag name one build: a full version, a date, a number of six digits, or a commit. */
const fixed = /\d{4}-\d\d-\d\d|\d+\.\d+\.\d+|\d{6,}|(^|[^0-9a-z])(?=[0-9a-f]*\d)[0-9a-f]{7,64}($|[^0-9a-z])/i;

/**
 * Why a tag is assumed to move, or undefined for one that names a build. Only the registry knows for sure; this is the practice of
 * publishers: `1.25` and `1.25-alpine` follow 1.25.0, 1.25.1 and so on, and a branch follows its commits.
 */
export function whyMutable(tag: string): string | undefined {
  if (/^latest\b/i.test(tag)) return "which moves";
  if (fixed.test(tag)) return undefined;
  if (/^[a-z-]*\d+\.\d+($|[^.\d])/i.test(tag) || /^v?\d+($|-)/i.test(tag))
    return "which is not a full version, so it moves";
  return channels.test(tag) || !/\d/.test(tag) ? "which moves" : undefined;
}
