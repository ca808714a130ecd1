import { helmSeconds, median, type CommandFigure, type FleetResult } from "./result";
import { bar, curve, mark, picture, stroke, text } from "./svg";
import { duration } from "./table";

const width = 860;

interface Curve {
  name: string;
  hue: "blue" | "green" | "orange" | "grey";
  points: (readonly [clusters: number, seconds: number])[];
}

const times = [
  { seconds: 0.01, name: "10 ms" },
  { seconds: 0.1, name: "0.1 s" },
  { seconds: 1, name: "1 s" },
  { seconds: 10, name: "10 s" },
  { seconds: 60, name: "1 min" },
  { seconds: 600, name: "10 min" },
  { seconds: 3600, name: "1 h" },
  { seconds: 36_000, name: "10 h" },
];

/** Round times from just below the shortest to just above the longest. */
function between(shortest: number, longest: number): typeof times {
  const first = times.findLastIndex(({ seconds }) => seconds <= shortest);
  const last = times.findIndex(({ seconds }) => seconds >= longest);
  return times.slice(Math.max(0, first), last < 0 ? undefined : last + 1);
}

const hues = ["green", "orange", "blue"] as const;

/** How a plan grows with the fleet, and `helm template` for each Application beside it; both axes are logarithmic. */
export function growthPlot(result: FleetResult): string {
  const { growth, helm, components } = result;
  const curves: Curve[] = growth.map(({ what, points }, index) => ({
    name: `plan: ${what}`,
    hue: hues[index % hues.length]!,
    points: points.map(({ clusters, seconds }) => [clusters, median(seconds)] as const),
  }));
  const sizes = growth[0]!.points;
  if (helm) {
    const points = sizes.map(({ clusters, applications }) => [clusters, helmSeconds(helm, applications)] as const);
    curves.unshift({ name: "helm template, before and after", hue: "grey", points });
  }
  const all = curves.flatMap(({ points }) => points.map(([, seconds]) => seconds));
  const ticks = between(Math.min(...all), Math.max(...all));
  const [low, high] = [ticks[0]!.seconds, ticks.at(-1)!.seconds];
  const area = { left: 72, right: 590, top: 74, bottom: 392 };
  const [first, last] = [sizes[0]!.clusters, sizes.at(-1)!.clusters];
  const x = scale(Math.log(first), Math.log(last), area.left + 16, area.right - 10);
  const y = scale(Math.log(low), Math.log(high), area.bottom, area.top);
  const place = ([clusters, seconds]: readonly [number, number]) =>
    [x(Math.log(clusters)), y(Math.log(seconds))] as const;
  const parts = [
    text(24, 32, "Time of a plan as the fleet grows", "title"),
    text(24, 52, `${components} components on each cluster; medians of a warm run; both axes are logarithmic`, "quiet"),
  ];
  for (const { seconds, name } of ticks) {
    const at = y(Math.log(seconds));
    parts.push(stroke("grid", area.left, at, area.right, at), text(area.left - 10, at + 4, name, "quiet", "end"));
  }
  parts.push(stroke("axis", area.left, area.bottom, area.right, area.bottom));
  for (const { clusters } of sizes) {
    const at = x(Math.log(clusters));
    parts.push(
      stroke("axis", at, area.bottom, at, area.bottom + 5),
      text(at, area.bottom + 22, String(clusters), "quiet", "middle"),
    );
  }
  parts.push(text((area.left + area.right) / 2, area.bottom + 44, "clusters", "quiet", "middle"));
  for (const { hue, points } of curves) {
    parts.push(curve(hue === "grey" ? `${hue} dashed` : hue, points.map(place)));
    parts.push(...points.map((point) => mark(hue, place(point))));
  }
  const ends = apart(
    curves.map(({ points }) => place(points.at(-1)!)[1]),
    34,
  );
  curves.forEach(({ name, hue, points }, index) => {
    parts.push(text(area.right + 8, ends[index]! - 2, name, `label ${hue} strong`));
    parts.push(
      text(area.right + 8, ends[index]! + 15, `${duration(points.at(-1)![1])} with ${last} clusters`, "quiet"),
    );
  });
  const description = curves.map(
    ({ name, points }) =>
      `${name}: ${duration(points[0]![1])} with ${first} clusters, ${duration(points.at(-1)![1])} with ${last}`,
  );
  return picture(width, 452, `Time by number of clusters. ${description.join("; ")}.`, parts);
}

/** How long each command takes on the fleet, cold and warm, with its budget. */
export function commandPlot({ commands, clusters, components }: FleetResult): string {
  const area = { left: 372, right: 772, top: 84 };
  const row = 46;
  const bottom = area.top + commands.length * row;
  const longest = Math.max(...commands.flatMap(({ cold, warm, budget = 0 }) => [median(cold), median(warm), budget]));
  const x = scale(0, longest, area.left, area.right);
  const parts = [
    text(24, 32, `What a person waits for, on ${clusters} clusters × ${components} components`, "title"),
    bar("blue pale", 24, 46, 14, 10),
    text(44, 56, "first run, nothing kept", "quiet"),
    bar("blue", 196, 46, 14, 10),
    text(216, 56, "second run", "quiet"),
    stroke("limit", 312, 44, 312, 58),
    text(322, 56, "budget", "quiet"),
  ];
  for (let tick = 0; tick <= longest; tick += longest > 6 ? 2 : 1) {
    parts.push(
      stroke("grid", x(tick), area.top - 8, x(tick), bottom),
      text(x(tick), bottom + 20, `${tick} s`, "quiet", "middle"),
    );
  }
  commands.forEach((command, index) => parts.push(...commandBars(command, area.top + index * row, x, area.left)));
  const description = commands.map(
    ({ what, cold, warm }) => `${plain(what)}: ${median(cold).toFixed(2)} s cold, ${median(warm).toFixed(2)} s warm`,
  );
  return picture(width, bottom + 40, `Seconds by command. ${description.join("; ")}.`, parts);
}

function commandBars(
  { what, cold, warm, budget }: CommandFigure,
  top: number,
  x: (seconds: number) => number,
  left: number,
): string[] {
  const [name, ...details] = plain(what).split(", ");
  const rows = [median(cold), median(warm)].flatMap((seconds, index) => {
    const y = top + index * 16;
    const end = Math.max(x(seconds), budget === undefined || Math.abs(x(budget) - x(seconds)) > 50 ? 0 : x(budget));
    return [
      bar(index === 0 ? "blue pale" : "blue", left, y, x(seconds) - left, 13),
      text(end + 6, y + 11, `${seconds.toFixed(2)} s`, index === 0 ? "quiet over" : "strong over"),
    ];
  });
  const title = details.length > 0 ? `${name}: ${details[0]}` : name!;
  return [
    text(left - 14, details.length > 1 ? top + 10 : top + 19, title, "strong", "end"),
    ...(details.length > 1 ? [text(left - 14, top + 27, details.slice(1).join(", "), "quiet", "end")] : []),
    ...rows,
    ...(budget === undefined ? [] : [stroke("limit", x(budget), top - 3, x(budget), top + 32)]),
  ];
}

function plain(what: string): string {
  return what.replaceAll("`", "");
}

function scale(from: number, to: number, start: number, end: number): (value: number) => number {
  return (value) => start + ((value - from) / (to - from)) * (end - start);
}

/** Moves places of labels as little as it takes to keep a distance; the order stays. */
function apart(places: readonly number[], distance: number): number[] {
  const order = places.map((place, index) => ({ place, index })).sort((a, b) => a.place - b.place);
  for (let at = 1; at < order.length; at++)
    order[at]!.place = Math.max(order[at]!.place, order[at - 1]!.place + distance);
  const out = [...places];
  for (const { place, index } of order) out[index] = place;
  return out;
}
