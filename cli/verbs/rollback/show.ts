import type { Context, Input } from "../../command";
import { failure } from "../../terminal/fail";
import { wantsColour } from "../../terminal/colour";
import { Checkout } from "../../tree/checkout";
import { commitEdits, refuseUncommitted } from "../../tree/commit";
import { finishEarlierEdit, type EditedFile } from "../../tree/edit";
import { withTree } from "../../tree/open";
import { pinWords, readPins, type Pins } from "../../tree/pins";
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
    const said = message
      .trimEnd()
      .split("\n")
      .map((line) => (line === "" ? "" : `  ${line}`));
    const lines = [
      ...edits.map(({ path, text }) => `${text === null ? "removes" : "restores"} ${path}`),
      ...oneWay.map((one) => `cannot be undone: ${one}`),
      "",
      id === undefined ? "the commit would say:" : `committed ${id.slice(0, 10)}:`,
      ...said,
      "",
    ];
    io.out(`${lines.join("\n")}\n${shown.text({ colour: wantsColour(io), columns: 100 })}`);
  }
  return 0;
}

function facts(scope: Scope, { commit, subject }: Earlier, edits: readonly EditedFile[]): object {
  const { component, stage, ring } = scope;
  const files = edits.map(({ path, text }) => ({ path, removed: text === null }));
  return { component, stage, ring, to: { commit, subject }, files };
}

/** Which component goes back where, from which version to which, and who has to approve it. */
function messageOf(before: Pins, after: Pins, scope: Scope, { commit, subject }: Earlier): string {
  const stages = scope.stage === undefined ? before.stages : [scope.stage];
  const lines = stages.flatMap((stage) => {
    const places = scope.ring === undefined ? [undefined, ...(before.rings.get(stage) ?? [])] : [scope.ring];
    return places.flatMap((ring) => {
      const [from, to] = [before, after].map((pins) => versionAt(pins, scope.component, stage, ring));
      return from === to ? [] : [`${ring === undefined ? stage : `${stage}/${ring}`}: ${from} -> ${to}`];
    });
  });
  const approvers = [...new Set(stages.flatMap((stage) => before.approvers.get(stage) ?? []))];
  return [
    `Roll ${scopeWords(scope)} back to ${commit.slice(0, 10)}`,
    "",
    ...(lines.length > 0 ? lines : ["The versions stay; values change."]),
    "",
    `Restores ${scope.directory} as it was at ${commit} (${subject}).`,
    "",
    `To approve: ${approvers.length > 0 ? approvers.join(", ") : "nobody has to"}`,
    "",
  ].join("\n");
}

function versionAt({ components }: Pins, name: string, stage: string, ring: string | undefined): string {
  const component = components.find((one) => one.name === name);
  const file = ring === undefined ? component?.pins.get(stage) : component?.rings.get(stage)?.get(ring)?.pin;
  if (file === undefined) return "nothing";
  return file.pin === undefined ? "a pin with faults" : pinWords(file.pin);
}
