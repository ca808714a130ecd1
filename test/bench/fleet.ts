import { join } from "node:path";
import { generateFleet, type Fleet, type FleetOptions } from "../fleet/generate";
import { clusterValue, everyPin, nothing, restore, sharedCharts, stageValue, type Edit } from "./changes";
import { benchHelm } from "./helm";
import { setting, type CommandFigure, type FleetResult, type GrowthFigure } from "./result";
import { Tool } from "./tool";

export interface FleetBench {
  rounds: number;
  /** An empty directory for fleets and caches. */
  workspace: string;
  progress: (text: string) => void;
  /** Clusters of the fleet that all commands run on, and of those that show growth. */
  clusters: number;
  growth: readonly number[];
  components: number;
}

/** Sizes of the bench that docs/performance.md shows. */
export const sizes = { clusters: 100, growth: [10, 50, 100, 200, 500], components: 50 } as const;

interface Command {
  id: string;
  what: string;
  budget?: number;
  args: readonly string[];
  edit: Edit;
  /** On the fleet where no two renders are equal. */
  distinct?: boolean;
}

const plan = ["plan", "--offline"];

function commands({ clusters, components }: Fleet): Command[] {
  const cluster = clusters.find(({ stage }) => stage === "prod")!.name;
  const component = components[0]!.name;
  return [
    { id: "nothing", what: "`plan`, nothing changed", args: plan, edit: nothing },
    { id: "cluster", what: "`plan`, one value of one cluster", args: plan, edit: clusterValue },
    { id: "stage", what: "`plan`, one value of one stage", budget: 1, args: plan, edit: stageValue },
    { id: "charts", what: "`plan`, a template of every shared chart", budget: 5, args: plan, edit: sharedCharts },
    { id: "pins", what: "`plan`, every pin bumped", args: plan, edit: everyPin },
    {
      id: "charts-distinct",
      what: "`plan`, a template of every shared chart, no two renders equal",
      budget: 5,
      args: plan,
      edit: sharedCharts,
      distinct: true,
    },
    {
      id: "pins-distinct",
      what: "`plan`, every pin bumped, no two renders equal",
      args: plan,
      edit: everyPin,
      distinct: true,
    },
    { id: "check", what: "`check`", budget: 2, args: ["check", "--offline"], edit: nothing },
    {
      id: "explain",
      what: "`explain`, a component in a cluster",
      args: ["explain", cluster, component],
      edit: nothing,
    },
  ];
}

/** Times the tool on made-up fleets, and what people use without it, in one run. */
export async function benchFleet(bench: FleetBench): Promise<FleetResult> {
  const { rounds, workspace, progress, components } = bench;
  const tool = await Tool.open(workspace, progress);
  const make = (name: string, options: Partial<FleetOptions>) => {
    progress(
      `fleet of ${options.clusters} clusters and ${components} components${options.distinct ? ", no two renders equal" : ""}`,
    );
    return generateFleet(join(workspace, name), { components, ...options });
  };
  const fleet = make("fleet", { clusters: bench.clusters });
  const distinct = make("distinct", { clusters: bench.clusters, distinct: true });
  const figures: CommandFigure[] = [];
  for (const command of commands(fleet))
    figures.push(await timeCommand(tool, command, command.distinct ? distinct : fleet, bench));
  const helm = await benchHelm(fleet, bench);
  const growth = growths();
  for (const clusters of bench.growth) {
    const grown = clusters === bench.clusters ? fleet : make(`fleet-${clusters}`, { clusters });
    await timeGrowth(tool, growth, grown, bench);
  }
  return {
    ...setting(rounds),
    clusters: bench.clusters,
    components,
    commands: figures,
    growth,
    ...(helm ? { helm } : {}),
  };
}

async function timeCommand(tool: Tool, command: Command, fleet: Fleet, bench: FleetBench): Promise<CommandFigure> {
  const { id, what, budget, args, edit } = command;
  const figure: CommandFigure = { id, what, ...(budget === undefined ? {} : { budget }), cold: [], warm: [] };
  edit(fleet);
  try {
    const { changed, memory } =
      args[0] === "plan"
        ? await tool.plan(fleet.root)
        : { changed: undefined, ...(await tool.memory(args, fleet.root)) };
    Object.assign(figure, changed === undefined ? {} : { changed }, memory === undefined ? {} : { memory });
    Object.assign(figure, await tool.times(args, fleet.root, bench.rounds));
  } finally {
    restore(fleet);
  }
  bench.progress(`  ${what}: cold ${shown(figure.cold)}, warm ${shown(figure.warm)}`);
  return figure;
}

function growths(): (GrowthFigure & { edit: Edit })[] {
  return [
    { id: "cluster", what: "one value of one cluster", edit: clusterValue, points: [] },
    { id: "stage", what: "one value of one stage", edit: stageValue, points: [] },
    { id: "charts", what: "a template of every shared chart", edit: sharedCharts, points: [] },
  ];
}

async function timeGrowth(
  tool: Tool,
  figures: ReturnType<typeof growths>,
  fleet: Fleet,
  bench: FleetBench,
): Promise<void> {
  const clusters = fleet.clusters.length;
  for (const { what, edit, points } of figures) {
    edit(fleet);
    try {
      const facts = await tool.plan(fleet.root);
      const { cold, warm: seconds } = await tool.times(plan, fleet.root, bench.rounds);
      points.push({ clusters, applications: clusters * bench.components, ...facts, cold, seconds });
      bench.progress(`  ${clusters} clusters, ${what}: cold ${shown(cold)}, warm ${shown(seconds)}`);
    } finally {
      restore(fleet);
    }
  }
}

function shown(values: readonly number[]): string {
  return `${values.map((value) => value.toFixed(2)).join(" ")} s`;
}
