import type { Attempt } from "../attempt";
import { confirmation } from "./confirmation";
import { emptiness } from "./emptiness";
import { facts } from "./facts";
import { fileCommits } from "./file-commits";
import { identityCommits } from "./identity-commits";
import { identityRequests } from "./identity-requests";
import { machine } from "./machine";
import { objectCommits } from "./object-commits";
import { objectRequests } from "./object-requests";
import { open } from "./open";
import { rings } from "./rings";
import { overlayCommits } from "./overlays";
import { teamFiles } from "./teams";
import { tenancy } from "./tenancy";
import { tool } from "./tool";

const byId = new Intl.Collator("en", { numeric: true });

/** Every attempt of the list and its relatives. */
export const attempts: readonly Attempt[] = [
  ...fileCommits,
  ...identityCommits,
  ...identityRequests,
  ...objectCommits,
  ...objectRequests,
  ...overlayCommits,
  ...tenancy,
  ...teamFiles,
  ...machine,
  ...emptiness,
  ...confirmation.commits,
  ...confirmation.requests,
  ...facts.commits,
  ...facts.requests,
  ...rings.commits,
  ...rings.requests,
  ...tool,
]
  .map((attempt) => ({ ...attempt, ...(open[attempt.id] && { open: open[attempt.id] }) }))
  .sort((a, b) => byId.compare(a.id, b.id));

/** The attempts of one way. */
export function attemptsBy<H extends Attempt["how"]>(how: H): Extract<Attempt, { how: H }>[] {
  return attempts.filter((attempt): attempt is Extract<Attempt, { how: H }> => attempt.how === how);
}

/**
 * `make attacks` plays all attempts, or those that it names with `ONLY=1,92c`; `make e2e` only what needs no commit in a cluster.
 */
const { ONEBRANCH_ATTACKS: chosen } = process.env;

/** Whether commits are played on clusters. */
export const playsCommits = chosen !== undefined;

/** The attempts of one way that this run plays. */
export function playedBy<H extends Attempt["how"]>(how: H): Extract<Attempt, { how: H }>[] {
  const ids = chosen === undefined || chosen === "all" ? undefined : new Set(chosen.split(","));
  return attemptsBy(how).filter(({ id }) => ids?.has(id) ?? true);
}
