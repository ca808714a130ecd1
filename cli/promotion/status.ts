import { Directory } from "../../model/directory";
import type { Pin } from "../../model/pin";
import type { Context } from "../command";
import { formatTable } from "../terminal/table";
import { pinWords, readPins, type PinFile, type PinnedComponent, type Pins } from "../tree/pins";
import { nextSteps, pinAt, stepName, stepsThrough, type Step } from "../tree/ring-steps";
import { ageWords, lastChanges } from "../tree/since";
import { unknownName } from "../terminal/fail";

/** When each pin came to where it is, by its path. */
type Since = ReadonlyMap<string, Date>;

/**
 * Prints the pins of every stage and ring as a table, since when they are there, and the next step; those of single clusters below
 * their component.
 */
export async function showPins(
  wanted: readonly string[],
  json: boolean,
  context: Context,
  now = new Date(),
): Promise<number> {
  const pins = readPins(new Directory(context.root()));
  const names = pins.components.map(({ name }) => name);
  for (const name of wanted) {
    if (!names.includes(name)) throw unknownName("component", name, names);
  }
  const shown = pins.components.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const places = placesOf(pins);
  const paths = shown.flatMap((component) => places.flatMap((place) => pinAt(component, place)?.path ?? []));
  const since = await lastChanges(context.root(), [...new Set(paths)]);
  const { io } = context;
  io.out(
    json
      ? `${JSON.stringify(
          shown.map((found) => facts(pins, found, since)),
          undefined,
          2,
        )}\n`
      : table(pins, shown, since, now),
  );
  return 0;
}

/** Every stage, or its rings where it has some. */
function placesOf({ stages, rings }: Pins): Step[] {
  return stages.flatMap((stage) => stepsThrough(stage, rings.get(stage) ?? []));
}

function table(pins: Pins, components: readonly PinnedComponent[], since: Since, now: Date): string {
  const places = placesOf(pins);
  const rows = components.flatMap((component) => [
    [
      component.name,
      ...places.map((place) => cell(pinAt(component, place), since, now)),
      nextSteps(pins, component).map(stepName).join(", ") || "-",
    ],
    ...[...component.own].map(([cluster, { pin }]) => [
      `  in ${cluster}: ${pin === undefined ? "has faults" : pinWords(pin)}`,
      ...places.map(() => ""),
      "",
    ]),
  ]);
  return formatTable(["COMPONENT", ...places.map((place) => stepName(place).toUpperCase()), "PROMOTE TO"], rows);
}

function cell(found: PinFile | undefined, since: Since, now: Date): string {
  if (found === undefined) return "-";
  if (found.pin === undefined) return "has faults";
  const when = since.get(found.path);
  if (when !== undefined) return `${pinWords(found.pin)} (${ageWords(when, now)})`;
  return since.size > 0 ? `${pinWords(found.pin)} (not committed)` : pinWords(found.pin);
}

function facts(pins: Pins, component: PinnedComponent, since: Since): object {
  const { name, group, pins: files, own, rings } = component;
  const places = placesOf(pins).map((place) => [stepName(place), pinAt(component, place)] as const);
  const inRings = [...rings].filter(([, of]) => of.size > 0);
  const ringPins = ([stage, of]: (typeof inRings)[number]): [string, Record<string, Pin | null>] => [
    stage,
    Object.fromEntries([...of].map(([ring, { pin }]) => [ring, pin?.pin ?? null])),
  ];
  return {
    ...{ component: name, group },
    pins: Object.fromEntries(pins.stages.map((stage) => [stage, files.get(stage)?.pin ?? null])),
    ...(inRings.length > 0 && { rings: Object.fromEntries(inRings.map(ringPins)) }),
    clusters: Object.fromEntries([...own].map(([cluster, { pin }]) => [cluster, pin ?? null])),
    since: Object.fromEntries(
      places.flatMap(([place, pin]) => {
        const when = pin && since.get(pin.path);
        return when ? [[place, when.toISOString()]] : [];
      }),
    ),
    promoteTo: nextSteps(pins, component).map(stepName),
    findings: [
      ...files.values(),
      ...own.values(),
      ...[...rings.values()].flatMap((of) => [...of.values()].flatMap(({ pin }) => pin ?? [])),
    ].flatMap(({ findings }) => findings),
  };
}
