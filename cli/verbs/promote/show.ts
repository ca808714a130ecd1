import type { Context, Input } from "../../command";
import { openWorkingTree } from "../../tree/checkout";
import { editFiles, finishEarlierEdit } from "../../tree/edit";
import { usageError } from "../../terminal/fail";
import { wantsColour } from "../../terminal/colour";
import { plannedText, planPromotion, type PlannedPromotion } from "../../promotion/planned";
import { count } from "../../terminal/table";
import { keptLine, keptPins, type KeptPin } from "../../promotion/kept";
import { commitMessage } from "../../promotion/message";
import { promotionsFor, type Promotions } from "../../promotion/promotions";
import { readPins, type Pins } from "../../tree/pins";
import { promoteLine, stepAt, stepName } from "../../tree/ring-steps";
import { afterwards } from "./afterwards";
import { commitEdits, commitLines, editFacts, editLine, refuseUncommitted, type MadeCommit } from "../../tree/commit";
import { asks, lookFirst } from "./look-first";
import { wantedOf } from "./wanted";
import { showPins } from "../../promotion/status";

/** Copies pins from the stage before and prints what that changes. */
export async function promote(input: Input, context: Context): Promise<number> {
  const [first, ...rest] = input.operands;
  if (input.flag("status") || first === "status") {
    return showPins(first === "status" ? rest : input.operands, input.flag("json"), context);
  }
  if (rest.length > 0)
    throw usageError(`name one component, or all of them with --all; found ${input.operands.join(", ")}`);
  const root = context.root();
  const wanted = wantedOf(first, input.flag("all"), input.text("to"));
  const dry = input.flag("dry-run");
  const asked = asks(input);
  if (!dry) finishEarlierEdit(root, context.io.err);
  const working = await openWorkingTree(root);
  const pins = readPins(working.files);
  const found = promotionsFor(pins, { ...wanted, ring: input.text("ring"), from: input.text("from") });
  const kept = keptPins(working.files, found);
  const files = found.promotions.flatMap(({ edits }) => edits);
  const commits = input.flag("commit") && files.length > 0;
  const looked =
    files.length === 0 ? { paragraphs: [] } : await lookFirst(context, asked, { working, pins, found, dry });
  if (commits) {
    if ("missing" in working) throw working.missing;
    const promoted = found.promotions.map(({ component }) => component);
    const directories = pins.components.filter(({ name }) => promoted.includes(name)).map(({ directory }) => directory);
    await refuseUncommitted(root, directories);
  }
  const plan = await planPromotion(input, context, working, found);
  const commit = commits ? { message: commitMessage(working.files, pins, found, looked.paragraphs) } : undefined;
  const id = commit && !dry ? await commitEdits(root, files, commit.message) : undefined;
  if (!commits && !dry) editFiles(root, files);
  const { io } = context;
  const made = commit && { ...commit, ...(id !== undefined && { id }) };
  if (input.flag("json")) io.out(`${JSON.stringify(facts(found, kept, plan, dry, made), undefined, 2)}\n`);
  else {
    if (looked.note !== undefined) io.out(`${looked.note}\n`);
    io.out(text(pins, found, kept, plan, dry, made, wantsColour(io)));
  }
  return 0;
}

function facts(
  { from, to, promotions, same, absent }: Promotions,
  kept: readonly KeptPin[],
  { shown, unplanned }: PlannedPromotion,
  dry: boolean,
  commit: MadeCommit | undefined,
): object {
  const promoted = promotions.map(({ component, file, changes, ring, origin, edits }) => ({
    ...{ component, file, changes },
    ...(ring !== undefined && {
      ...{ ring, origin },
      files: editFacts(edits),
    }),
  }));
  return {
    from,
    to,
    written: !dry && promotions.length > 0,
    promoted,
    kept,
    same,
    absent,
    plan: shown?.plan,
    unplanned,
    ...(commit && { commit }),
  };
}

function text(
  pins: Pins,
  { from, to, promotions, same, absent }: Promotions,
  kept: readonly KeptPin[],
  planned: PlannedPromotion,
  dry: boolean,
  commit: MadeCommit | undefined,
  colour: boolean,
): string {
  const lines: string[] = [];
  for (const promotion of promotions) {
    const { component, origin, ring, file, edits, changes, back } = promotion;
    const place = stepName(stepAt(to, ring));
    lines.push(`${component}: ${origin} -> ${place}, ${file}${dry ? " (not written)" : ""}`);
    for (const change of changes) lines.push(`  ${change.key}: ${change.from ?? "-"} -> ${change.to ?? "-"}`);
    if (back) lines.push(`  this takes ${component} back: ${to} is ahead of ${from}`);
    for (const edit of edits.slice(1)) lines.push(`  ${editLine(edit)}`);
    lines.push(...afterwards(pins, { from, to }, promotion));
    lines.push(...kept.filter((pin) => pin.component === component).map(keptLine));
  }
  if (promotions.length === 0) {
    const what = same.length === 1 ? `${same[0]} is` : `all ${count(same.length, "component")} are`;
    lines.push(`nothing to promote: ${what} the same in ${from} and ${to}`);
  } else if (same.length > 0) lines.push(`the same in both: ${same.join(", ")}`);
  for (const name of absent) {
    lines.push(`${name} is not in ${to}; bring it there by name: ${promoteLine(name, { stage: to })}`);
  }
  if (commit) lines.push("", ...commitLines(commit));
  return `${lines.join("\n")}\n${plannedText(planned, colour)}`;
}
