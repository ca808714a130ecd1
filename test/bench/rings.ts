import { existsSync } from "node:fs";
import { join } from "node:path";
import { generateFleet, type Fleet, type FleetOptions } from "../fleet/generate";
import { nothing, restore, stageValue, type Edit } from "./changes";
import type { FleetBench } from "./fleet";
import { setting, type RingsFigure, type RingsResult } from "./result";
import { Tool } from "./tool";

export const ringSizes = { clusters: [100, 500], components: 50 } as const;
const rings = ["canary", "early", "rest"];

/** Times the same commands in turn on fleets with and without rings that make the same Applications with the same manifests. */
export async function benchRings(
  bench: Pick<FleetBench, "rounds" | "workspace" | "progress" | "components"> & { clusters: readonly number[] },
): Promise<RingsResult> {
  const { rounds, workspace, progress, components } = bench;
  const tool = await Tool.open(workspace, progress);
  const figures: RingsFigure[] = [];
  for (const clusters of bench.clusters) {
    progress(`fleets of ${clusters} clusters and ${components} components, without rings and with ${rings.length}`);
    const make = (name: string, more: Partial<FleetOptions>) =>
      generateFleet(join(workspace, `${name}-${clusters}`), { components, clusters, ...more });
    const atRest = { without: make("plain", {}), with: make("rest", { rings, onItsWay: "nothing" }) };
    // Without rings a version is in some clusters of a stage by files of each of them.
    const onTheWay = { without: make("own", { rings, onItsWay: "clusters" }), with: make("rings", { rings }) };
    const plan = ["plan", "--offline"];
    const check = ["check", "--offline"];
    const commands: [string, readonly string[], Edit, typeof atRest][] = [
      ["`plan`, one value of one stage, at rest", plan, stageValue, atRest],
      ["`check`, at rest", check, nothing, atRest],
      ["`plan`, one value of one stage", plan, stageValue, onTheWay],
      ["`check`", check, nothing, onTheWay],
      ["`promote`, one component, a dry run", promoteArguments(onTheWay.with), nothing, onTheWay],
    ];
    for (const [what, args, edit, fleets] of commands) {
      const figure: RingsFigure = { clusters, what, without: [], with: [] };
      for (const fleet of Object.values(fleets)) edit(fleet);
      try {
        for (const { root } of Object.values(fleets)) await tool.run(args, root);
        for (let round = 0; round < rounds; round++)
          for (const side of ["without", "with"] as const)
            figure[side].push((await tool.run(args, fleets[side].root)).seconds);
      } finally {
        for (const fleet of Object.values(fleets)) restore(fleet);
      }
      figures.push(figure);
      progress(`  ${what}: without ${shown(figure.without)}, with ${shown(figure.with)}`);
    }
  }
  return { ...setting(rounds), components, rings: rings.length, figures };
}

/** The last step of a component that is in all rings but the last: it reaches the most clusters. */
function promoteArguments({ root, components }: Fleet): string[] {
  const inRings = ({ kind, name }: Fleet["components"][number]) =>
    existsSync(join(root, "gitops", kind, name, "stages/prod/rings", rings.at(-2)!));
  const found = components.find(inRings);
  if (found === undefined)
    throw new Error("no component is in all rings but the last; the generator of fleets has changed");
  return ["promote", found.name, "--to", "prod", "--dry-run", "--offline"];
}

function shown(values: readonly number[]): string {
  return `${values.map((value) => value.toFixed(2)).join(" ")} s`;
}
