import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../cli/verbs/plan/types";
import { archives } from "../support/archives";
import { restore } from "./changes";
import type { FleetBench } from "./fleet";
import { setting, type CommandFigure, type ShippedResult } from "./result";
import { writeShippedTree, type ShippedSizes } from "./shipped-tree";
import { Tool } from "./tool";

export const shippedSizes = { clusters: 120, components: 50 } as const;

/** Times the tool on the tree of this checkout, with as many clusters and apps as a large fleet has. */
export async function benchShipped(
  bench: Pick<FleetBench, "rounds" | "workspace" | "progress"> & ShippedSizes,
): Promise<ShippedResult> {
  const { rounds, workspace, progress } = bench;
  const tool = await Tool.open(workspace, progress);
  const { root, ...sizes } = writeShippedTree(join(workspace, "shipped"), bench);
  progress(`the shipped tree: ${sizes.clusters} clusters, ${sizes.addons} add-ons, ${sizes.apps} apps`);
  const offline = ["--offline", "--charts", archives];
  const absent = await absentCharts(tool, root, offline);
  const commands: CommandFigure[] = [];
  const time = async (figure: Pick<CommandFigure, "id" | "what" | "budget" | "changed">, args: readonly string[]) => {
    const { memory } = await tool.memory(args, root);
    const timed = await tool.times(args, root, rounds);
    commands.push({ ...figure, ...timed, ...(memory === undefined ? {} : { memory }) });
    progress(`  ${figure.what}: cold ${timed.cold.join(" ")} s, warm ${timed.warm.join(" ")} s`);
  };
  await time({ id: "check", what: "`check`", budget: 4 }, ["check", ...offline]);
  changeValue(root);
  const changed = await changedBy(tool, root, offline);
  await time({ id: "value", what: "`plan`, one value of one app in every cluster", budget: 1, changed }, [
    "plan",
    ...offline,
  ]);
  restore({ root });
  return { ...setting(rounds), ...sizes, absent, commands };
}

/** One value of one app, in the layer that every cluster reads. */
function changeValue(root: string): void {
  const file = join(root, "gitops/apps/orders-01/values.yaml");
  const text = readFileSync(file, "utf8");
  const changed = text.replace("ready: /readyz", "ready: /healthz");
  if (changed === text) throw new Error("gitops/apps/orders/values.yaml has no ready: /readyz to change");
  writeFileSync(file, changed);
}

/** Of how many components the chart is not at hand: check names each once, at its first pin. */
async function absentCharts(tool: Tool, root: string, options: readonly string[]): Promise<number> {
  const { stdout } = await tool.run(["check", "--json", ...options], root);
  const findings = JSON.parse(stdout) as { rule: string; severity: string }[];
  return findings.filter(({ rule, severity }) => rule === "render-failure" && severity === "note").length;
}

/** How many Applications a plan finds changed. */
async function changedBy(tool: Tool, root: string, options: readonly string[]): Promise<number> {
  const { stdout } = await tool.run(["plan", "--json", ...options], root);
  const { changes, failed } = JSON.parse(stdout) as Plan;
  if (failed.length > 0) throw new Error(`the shipped tree does not render: ${JSON.stringify(failed[0])}`);
  return changes.reduce((sum, { clusters }) => sum + clusters.length, 0);
}
