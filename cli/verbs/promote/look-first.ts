import type { Context, Input } from "../../command";
import { failure, usageError } from "../../terminal/fail";
import type { WorkingTree } from "../../tree/checkout";
import type { Pins } from "../../tree/pins";
import { freezeLine, freezeOf, freezeWords, refuseFrozen } from "../../promotion/freeze";
import type { Promotions } from "../../promotion/promotions";
import { forcedLines, reasonsNotToWait, soakIn, soakRefusal, unsoaked, type Soak } from "../../promotion/soak";

/** What a command line says of looking first. */
export interface Asks {
  soak?: Soak;
  /** Why the soak is not waited for. */
  force?: string | undefined;
  /** Why the end of a freeze is not waited for. */
  freeze?: string | undefined;
}

/**
 * Reads what a command line says of looking first.
 * @throws UserError when a reason has nothing that it could be the reason for, or no commit to stand in
 */
export function asks(input: Input): Asks {
  const { force, freeze } = reasonsNotToWait(input);
  for (const name of ["force-soak", "during-freeze"])
    if (input.text(name) !== undefined && !input.flag("commit"))
      throw usageError(`--${name} is written into the commit; use it with --commit`);
  if (force !== undefined && input.text("soak") === undefined)
    throw usageError("say with --soak DURATION which soak --force-soak does not wait for");
  const soak = soakIn(input);
  return { force, freeze, ...(soak && { soak }) };
}

/**
 * Looks at the freezes of the stage and, with a soak, at the clusters before.
 * @returns what the commit says of what was not waited for; in a dry run, a freeze as a note
 * @throws UserError when something has to be waited for
 */
export async function lookFirst(
  context: Context,
  { soak, force, freeze: reason }: Asks,
  { working, pins, found, dry }: { working: WorkingTree; pins: Pins; found: Promotions; dry: boolean },
): Promise<{ paragraphs: string[][]; note?: string }> {
  const now = context.io.date();
  const frozen = dry && reason === undefined ? freezeOf(working.files, found.to, now) : undefined;
  const broken = frozen === undefined ? refuseFrozen(working.files, found.to, now, reason) : undefined;
  const note = frozen === undefined ? {} : { note: freezeWords(found.to, frozen) };
  const paragraphs = broken === undefined ? [] : [[freezeLine(broken)]];
  if (soak === undefined) return { paragraphs, ...note };
  if ("missing" in working) throw working.missing;
  const tree = { source: working.files, pins, repository: working.checkout.repository };
  const missing = await unsoaked(context, tree, found, soak);
  if (missing.length > 0 && force === undefined) throw failure(soakRefusal(missing, soak));
  return { paragraphs: force === undefined ? paragraphs : [...paragraphs, forcedLines(missing, soak, force)], ...note };
}
