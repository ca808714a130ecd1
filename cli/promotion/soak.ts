import { timeWords } from "../../model/sync-window";
import type { TreeSource } from "../../model/tree-source";
import type { Context, Input } from "../command";
import { parseDuration } from "../terminal/duration";
import { usageError } from "../terminal/fail";
import { commitOf, type Repository } from "../tree/git";
import type { Pins } from "../tree/pins";
import type { Promotions } from "./promotions";
import type { Promotion } from "./promotion";
import { sound } from "./through-rings";
import { pinAt, stepAt, stepName, stepWords, type Step } from "../tree/ring-steps";
import { Watched } from "./clusters/look";
import { membersOf } from "./clusters/members";
import { Payload } from "./clusters/payload";
import type { Standing } from "./clusters/standing";

/** How long a pin has to be in clusters before it goes on. */
export interface Soak {
  /** As it was said, such as `24h`. */
  text: string;
  milliseconds: number;
}

/** Whose soak is not over, and why; printed after the name of the cluster. */
export interface Unsoaked {
  component: string;
  /** Where it has to be first. */
  before: Step;
  reasons: string[];
}

/** A soak, asked from the Argo CD of each cluster of the ring or stage before: what is not there yet, for each component that would go on. */
export async function unsoaked(
  context: Context,
  tree: { source: TreeSource; pins: Pins; repository: Repository },
  { from, to, promotions }: Promotions,
  soak: Soak,
): Promise<Unsoaked[]> {
  const commit = await commitOf(tree.repository, "HEAD");
  const now = context.io.date();
  const judged = promotions.map(async (promotion): Promise<Unsoaked> => {
    const { component, before, members, wanted } = beforeOf(tree, { from, to, promotion, commit });
    const looks = members.clusters.map(async ({ name }) => {
      const { standing } = await new Watched(context, "promote", name).look(wanted);
      const reason = missing(standing, soak, now);
      return reason === undefined ? [] : [`${name} ${reason}`];
    });
    const reasons = (await Promise.all(looks)).flat();
    if (members.clusters.length > 0) return { component, before, reasons };
    const why = members.others.map((other) => `; ${other.why}`).join("");
    return { component, before, reasons: [`no cluster of ${stepWords(before)} runs it${why}`] };
  });
  return (await Promise.all(judged)).filter(({ reasons }) => reasons.length > 0);
}

/** Where a component comes from, and what the clusters there should have. */
function beforeOf(
  { source, pins, repository }: { source: TreeSource; pins: Pins; repository: Repository },
  { from, to, promotion, commit }: { from: string; to: string; promotion: Promotion; commit: string },
) {
  const component = pins.components.find(({ name }) => name === promotion.component)!;
  const fromRing = promotion.origin !== from;
  const before = fromRing ? stepAt(to, promotion.origin) : stepAt(from, undefined);
  const members = membersOf(source, component, before);
  const pin = sound(pinAt(component, before)!);
  const payload = new Payload(repository.root, component, before, commit, fromRing);
  return { component: component.name, before, members, wanted: { name: component.name, pin, payload } };
}

/**
 * The soak of a command line.
 * @throws UserError when it is not a duration
 */
export function soakIn(input: Input): Soak | undefined {
  const text = input.text("soak");
  return text === undefined ? undefined : { text, milliseconds: parseDuration("soak", text) };
}

/**
 * Why a soak and a freeze are not waited for.
 * @throws UserError when a reason is empty
 */
export function reasonsNotToWait(input: Input): { force: string | undefined; freeze: string | undefined } {
  for (const name of ["force-soak", "during-freeze"])
    if (input.text(name)?.trim() === "") throw usageError(`say with --${name} REASON why it cannot wait`);
  return { force: input.text("force-soak"), freeze: input.text("during-freeze") };
}

/** What a cluster lacks, since when it has what it has, and when that will be enough; undefined when nothing is missing. */
export function missing(standing: Standing, { text, milliseconds }: Soak, now: Date): string | undefined {
  switch (standing.state) {
    case "unreachable":
      return `cannot be reached, which counts as not yet: ${standing.why}`;
    case "waiting":
    case "bad":
      return standing.why;
    case "good": {
      const { since } = standing;
      if (since === undefined) return "has it, but its Argo CD does not say since when it is Healthy";
      const end = new Date(since.getTime() + milliseconds);
      if (end <= now) return undefined;
      return `has it Synced and Healthy since ${timeWords(since)}; ${text} are over at ${timeWords(end)}`;
    }
  }
}

/** The refusal of a promotion whose soak is not over. */
export function soakRefusal(found: readonly Unsoaked[], soak: Soak): string {
  const parts = found.map(({ component, before, reasons }) => {
    const head = `${component} stays where it is: every cluster of ${stepName(before)} has to have exactly its pin for ${soak.text}, Synced and Healthy:`;
    return [head, ...reasons.map((reason) => `  ${reason}`)].join("\n");
  });
  return `${parts.join("\n")}\nrun the same command when that is so, or say with --force-soak REASON why it cannot wait`;
}

/** What a commit says of a soak that was not waited for. */
export function forcedLines(found: readonly Unsoaked[], soak: Soak, reason: string): string[] {
  if (found.length === 0) return [];
  const lines = found.flatMap(({ component, reasons }) => reasons.map((one) => `  ${component}: ${one}`));
  return [`Without the soak of ${soak.text}: ${reason}`, ...lines];
}
