import {
  helmSeconds,
  line,
  median,
  type ClusterResult,
  type CommandFigure,
  type FleetResult,
  type GrowthFigure,
  type Result,
  type RingsResult,
  type Setting,
  type ShippedResult,
} from "./result";

/** A line that says what was measured when and where. */
export function settingLine({ date, machine, rounds }: Setting): string {
  return `${date}, ${machine}, ${rounds} ${rounds === 1 ? "round" : "rounds"}`;
}

/** A part of a run that is one table. */
export interface Summary {
  part: "cluster" | "eks" | "pages" | "rings" | "shipped";
  title: string;
  /** When and where it was measured, and what else its figures need to be read with. */
  line: string;
  note?: string;
  table: string;
}

/** What was measured of the parts that are one table each, for the terminal and for the page. */
export function summaries({ cluster, eks, pages, rings, shipped }: Result): Summary[] {
  const of = <T extends Setting>(
    measured: T | undefined,
    part: Summary["part"],
    title: string,
    tableOf: (of: T) => string,
  ): Summary[] => (measured ? [{ part, title, line: settingLine(measured), table: tableOf(measured) }] : []);
  return [
    ...of(rings, "rings", "The tool with and without rings", ringsTable),
    ...of(shipped, "shipped", "The shipped tree", commandTable).map((one) => ({ ...one, note: shippedLine(shipped!) })),
    ...of(pages, "pages", "The page of the fleet", clusterTable),
    ...of(cluster, "cluster", "A cluster", clusterTable),
    ...of(eks, "eks", "A cluster on AWS", clusterTable),
  ];
}

export function clusterTable({ figures }: ClusterResult): string {
  return table(
    ["what", "min", "median", "max", "budget"],
    figures.map(({ what, unit, budget, values }) => [
      what,
      ...[Math.min(...values), median(values), Math.max(...values)].map((value) => `${value.toFixed(1)} ${unit}`),
      `${budget} ${unit}`,
    ]),
  );
}

/** Every command: median and, in brackets, the range. */
export function commandTable({ commands }: Pick<FleetResult, "commands">): string {
  return table(
    ["what", "Applications changed", "cold", "warm", "memory", "budget"],
    commands.map(({ what, changed, cold, warm, memory, budget }) => [
      what,
      changed === undefined ? "" : count(changed),
      spread(cold),
      spread(warm),
      memory === undefined ? "" : `${Math.round(memory)} MiB`,
      budget === undefined ? "" : `${budget} s`,
    ]),
  );
}

export function growthTable({ growth }: FleetResult): string {
  const sizes = growth[0]!.points;
  return table(
    ["clusters", "Applications", ...growth.map(({ what }) => `\`plan\`, ${what}`)],
    [
      ...sizes.map(({ clusters, applications }, index) => [
        String(clusters),
        count(applications),
        ...growth.map(({ points }) => {
          const { seconds, cold, changed, memory } = points[index]!;
          const size = memory === undefined ? "" : `, ${Math.round(memory)} MiB`;
          return `${median(seconds).toFixed(2)} s (cold ${median(cold).toFixed(2)} s, ${count(changed)} changed${size})`;
        }),
      ]),
      [
        "each 100 more",
        "",
        ...growth.map((figure) => `+${slope(figure).toFixed(2)} s (cold +${slope(figure, "cold").toFixed(2)} s)`),
      ],
    ],
  );
}

/** Medians of both fleets, and how much longer the one with rings takes. */
export function ringsTable({ figures, rings }: RingsResult): string {
  return table(
    ["clusters", "what", "without rings", `with ${rings} rings in prod`, "difference"],
    figures.map((figure) => {
      const [without, with_] = [median(figure.without), median(figure.with)];
      const percent = Math.round((with_ / without - 1) * 100);
      const sign = percent > 0 ? "+" : "";
      return [
        String(figure.clusters),
        figure.what,
        ...[without, with_].map((value) => `${value.toFixed(2)} s`),
        `${sign}${percent} %`,
      ];
    }),
  );
}

/** Seconds that each 100 clusters more take. */
export function slope({ points }: GrowthFigure, run: "seconds" | "cold" = "seconds"): number {
  return line(points.map((point) => [point.clusters, median(point[run])] as const)).slope * 100;
}

/** What the figures of the shipped tree were measured on. */
export function shippedLine({ clusters, addons, apps, absent }: ShippedResult): string {
  const charts = absent === 0 ? "All charts were at hand." : `The charts of ${absent} of the add-ons were not at hand.`;
  return `${clusters} clusters, half of them production, in five regions; ${addons} add-ons and ${apps} apps. ${charts}`;
}

/** The plan beside `helm template` for each Application; undefined where helm was not measured. */
export function helmTable(result: FleetResult): string | undefined {
  const { helm, commands, clusters, components } = result;
  if (helm === undefined) return undefined;
  const everything = clusters * components;
  const row = (id: string, how: string, theirs: number): string[] => {
    const { what, cold } = commands.find((command) => command.id === id)!;
    const ours = median(cold);
    return [what, `${ours.toFixed(2)} s`, how, duration(theirs), `${Math.round(theirs / ours)} times`];
  };
  const full = `all ${count(everything)} Applications, before and after`;
  return table(
    ["what", "`plan`, cold", "`helm template`", "takes", "as long"],
    [
      row(
        "stage",
        `only the ${count(helm.known.applications)} that change, known beforehand`,
        median(helm.known.seconds),
      ),
      ...["stage", "charts", "charts-distinct", "pins"].map((id) => row(id, full, helmSeconds(helm, everything))),
    ],
  );
}

/** What a figure needs to be read with. */
export function helmNote({ helm, clusters, components }: FleetResult): string {
  if (helm === undefined) return "helm was not at hand.";
  const one = (median(helm.seconds) / helm.sample / 2) * 1000;
  return `Helm ${helm.version}, as many at a time as there are cores: ${helm.sample} of the ${count(clusters * components)} Applications, evenly chosen, took ${median(helm.seconds).toFixed(1)} s for both sides (${one.toFixed(0)} ms for each \`helm template\`); the rest is multiplied. Which Applications there are and which value files each reads was given to it, and nothing was compared afterwards.`;
}

function spread(values: CommandFigure["cold"]): string {
  return `${median(values).toFixed(2)} s (${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)})`;
}

/** Seconds, or minutes where they say more. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  return `${(seconds / 60).toFixed(1)} min`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function table(head: string[], rows: string[][]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
