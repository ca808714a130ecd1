import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../../model/errors";
import type { Context, Input } from "../command";
import type { OpenTree } from "../engine";
import { wantsColour } from "../plan/report/colour";
import { planText } from "../plan/report/text";
import { planFacts } from "../plan/facts";
import type { Plan } from "../plan/types";
import { withTree, type Session } from "../render/session";
import { count } from "../table";
import { planPromotions, wantedOf, type Promotion, type Promotions } from "./promote";
import { readPins } from "./pins";
import { showPins } from "./table";

/** Copies pins from the stage before and prints what that changes. */
export async function promote(input: Input, context: Context): Promise<number> {
  if (input.flag("status")) return showPins(input, context);
  const root = context.root();
  const wanted = wantedOf(input.operands[0], input.flag("all"), input.text("to"));
  const found = planPromotions(readPins(root), { ...wanted, from: input.text("from") });
  const dry = input.flag("dry-run");
  const plan = dry || found.promotions.length === 0 ? {} : await writeWithPlan(input, context, root, found);
  const { io } = context;
  if (input.flag("json")) io.out(`${JSON.stringify(facts(found, plan, dry), undefined, 2)}\n`);
  else io.out(text(found, plan, dry, wantsColour(io)));
  return 0;
}

interface Planned {
  plan?: Plan;
  /** Why there is no plan. */
  unplanned?: string;
}

/** Writes the pins between two looks at the tree; a plan that cannot be made is no reason not to promote. */
async function writeWithPlan(input: Input, context: Context, root: string, found: Promotions): Promise<Planned> {
  let written = false;
  const write = (): void => {
    for (const promotion of found.promotions) writePin(root, promotion);
    written = true;
  };
  try {
    return await withTree(context, input, async ({ engine, tree }: Session) => {
      write();
      const after = await engine.tree();
      return { plan: await planOf({ engine, tree }, after, found) };
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (!written) write();
    return { unplanned: error.message };
  }
}

async function planOf({ engine, tree }: Session, after: OpenTree, { to, promotions }: Promotions): Promise<Plan> {
  const clusters = after.clusters.filter(({ secrets }) => secrets[0]?.labels.stage === to).map(({ name }) => name);
  const names = { base: "before", head: "after the promotion" };
  if (clusters.length === 0) {
    return { ...names, clusters: [], changes: [], notEvaluated: [], failed: [], unsteady: [] };
  }
  const applications = promotions.map(({ component }) => component);
  const difference = await engine.diff(tree, after, { clusters, applications });
  return planFacts(engine, { base: tree, head: after, difference, names, clusters });
}

function writePin(root: string, { file, text }: Promotion): void {
  const path = join(root, file);
  const draft = `${path}.${process.pid}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(draft, text);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

function facts({ from, to, promotions, same, absent }: Promotions, planned: Planned, dry: boolean): object {
  const promoted = promotions.map(({ component, file, changes }) => ({ component, file, changes }));
  return { from, to, written: !dry && promotions.length > 0, promoted, same, absent, ...planned };
}

function text(
  { from, to, promotions, same, absent }: Promotions,
  planned: Planned,
  dry: boolean,
  colour: boolean,
): string {
  const lines: string[] = [];
  for (const { component, file, changes, back } of promotions) {
    lines.push(`${component}: ${from} -> ${to}, ${file}${dry ? " (not written)" : ""}`);
    for (const change of changes) lines.push(`  ${change.key}: ${change.from ?? "-"} -> ${change.to ?? "-"}`);
    if (back) lines.push(`  this takes ${component} back: ${to} is ahead of ${from}`);
  }
  if (promotions.length === 0) {
    const what = same.length === 1 ? `${same[0]} is` : `all ${count(same.length, "component")} are`;
    lines.push(`nothing to promote: ${what} the same in ${from} and ${to}`);
  } else if (same.length > 0) lines.push(`the same in both: ${same.join(", ")}`);
  for (const name of absent) {
    lines.push(`${name} is not in ${to}; bring it there by name: onebranch promote ${name} --to ${to}`);
  }
  const { plan, unplanned } = planned;
  if (unplanned !== undefined) lines.push("", `what this changes in the clusters could not be computed: ${unplanned}`);
  const shown = plan === undefined ? "" : `\n${planText(plan, { colour, columns: 100 })}`;
  return `${lines.join("\n")}\n${shown}`;
}
