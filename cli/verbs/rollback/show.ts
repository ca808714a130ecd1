import type { Context, Input } from "../../command";
import { failure } from "../../terminal/fail";
import { wantsColour } from "../../terminal/colour";
import { Checkout } from "../../tree/checkout";
import {
  approvalLine,
  commitEdits,
  commitLines,
  commitText,
  editFacts,
  editLine,
  refuseUncommitted,
} from "../../tree/commit";
import { finishEarlierEdit, type EditedFile } from "../../tree/edit";
import { withTree } from "../../tree/open";
import { pinWords, readPins, type Pins } from "../../tree/pins";
import { ownPinAt, stepAt, stepName, type Step } from "../../tree/ring-steps";
import { planBetween } from "../plan/between";
import type { ShownPlan } from "../plan/between";
import { oneWayChanges, refusalOf } from "./one-way";
import { earlierOf, restoringEdits, scopeOf, scopeWords, type Earlier, type Scope } from "./restored";

/** Restores what one component had earlier, as a commit, and prints what that changes. */
export async function rollback(input: Input, context: Context): Promise<number> {
  const root = context.root();
  const { io } = context;
  const dry = input.flag("dry-run");
  if (!dry) finishEarlierEdit(root, io.err);
  const checkout = await Checkout.open(root);
  const now = await checkout.tree();
  const pins = readPins(now);
  const scope = scopeOf(pins, input.operands[0]!, input.text("stage"), input.text("ring"));
  await refuseUncommitted(root, [scope.directory]);
  const earlier = await earlierOf(checkout, scope, input.text("to"));
  const edits = restoringEdits(now, earlier, scope);
  if (edits.length === 0) {
    const same = `nothing to roll back: ${scopeWords(scope)} is what it was at ${earlier.commit.slice(0, 10)} (${earlier.subject})\n`;
    io.out(
      input.flag("json")
        ? `${JSON.stringify({ ...facts(scope, earlier, edits), written: false }, undefined, 2)}\n`
        : same,
    );
    return 0;
  }
  const message = messageOf(pins, readPins(now.with(edits)), scope, earlier);
  const shown = await withTree(
    context,
    input,
    async ({ renderer, tree }): Promise<ShownPlan> => {
      const head = await renderer.overlay(tree, edits);
      const names = { base: "before", head: "after the rollback" };
      return planBetween(renderer, { base: tree, head, names }, { applications: [scope.component] });
    },
    { checkout, files: now },
  );
  const oneWay = oneWayChanges(shown.plan);
  if (oneWay.length > 0 && !dry && !input.flag("yes")) throw failure(refusalOf(oneWay, scopeWords(scope)));
  const id = dry ? undefined : await commitEdits(root, edits, message);
  if (input.flag("json")) {
    const all = { ...facts(scope, earlier, edits), written: !dry, oneWay, message, commit: id, plan: shown.plan };
    io.out(`${JSON.stringify(all, undefined, 2)}\n`);
  } else {
    const lines = [
      ...edits.map((edit) => editLine(edit, "restores")),
      ...oneWay.map((one) => `cannot be undone: ${one}`),
      "",
      ...commitLines({ message, ...(id !== undefined && { id }) }),
      "",
    ];
    io.out(`${lines.join("\n")}\n${shown.text({ colour: wantsColour(io), columns: 100 })}`);
  }
  return 0;
}

function facts(scope: Scope, { commit, subject }: Earlier, edits: readonly EditedFile[]): object {
  const { component, stage, ring } = scope;
  return { component, stage, ring, to: { commit, subject }, files: editFacts(edits) };
}

/** Which component goes back where, from which version to which, and who has to approve it. */
function messageOf(before: Pins, after: Pins, scope: Scope, { commit, subject }: Earlier): string {
  const stages = scope.stage === undefined ? before.stages : [scope.stage];
  const lines = stages.flatMap((stage) => {
    const all = [stepAt(stage, undefined), ...(before.rings.get(stage) ?? []).map((ring) => ({ stage, ring }))];
    return (scope.ring === undefined ? all : [stepAt(stage, scope.ring)]).flatMap((step) => {
      const [from, to] = [before, after].map((pins) => versionAt(pins, scope.component, step));
      return from === to ? [] : [`${stepName(step)}: ${from} -> ${to}`];
    });
  });
  const approvers = [...new Set(stages.flatMap((stage) => before.approvers(stepAt(stage, scope.ring))))];
  return commitText(
    `Roll ${scopeWords(scope)} back to ${commit.slice(0, 10)}`,
    lines.length > 0 ? lines : ["The versions stay; values change."],
    [`Restores ${scope.directory} as it was at ${commit} (${subject}).`],
    [approvalLine(approvers)],
  );
}

function versionAt({ components }: Pins, name: string, step: Step): string {
  const component = components.find((one) => one.name === name);
  const file = component && ownPinAt(component, step);
  if (file === undefined) return "nothing";
  return file.pin === undefined ? "a pin with faults" : pinWords(file.pin);
}
