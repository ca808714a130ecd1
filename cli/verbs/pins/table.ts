import { Directory } from "../../../model/directory";
import type { Context } from "../../command";
import { formatTable } from "../../terminal/table";
import { pinWords, promotable, readPins, type PinnedComponent, type Pins } from "../../tree/pins";
import { unknownName } from "../../terminal/fail";

/** Prints the pins of every stage as a table; those of single clusters below their component. */
export function showPins(wanted: readonly string[], json: boolean, context: Context): number {
  const pins = readPins(new Directory(context.root()));
  const names = pins.components.map(({ name }) => name);
  for (const name of wanted) {
    if (!names.includes(name)) throw unknownName("component", name, names);
  }
  const shown = pins.components.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const { io } = context;
  io.out(
    json
      ? `${JSON.stringify(
          shown.map((found) => facts(pins, found)),
          undefined,
          2,
        )}\n`
      : table(pins, shown),
  );
  return 0;
}

function table(pins: Pins, components: readonly PinnedComponent[]): string {
  const rows = components.flatMap((component) => [
    [
      component.name,
      ...pins.stages.map((stage) => stageCell(component, stage)),
      promotable(pins, component).join(", ") || "-",
    ],
    ...[...component.own].map(([cluster, { pin }]) => [
      `  in ${cluster}: ${pin === undefined ? "has faults" : pinWords(pin)}`,
      ...pins.stages.map(() => ""),
      "",
    ]),
  ]);
  return formatTable(["COMPONENT", ...pins.stages.map((stage) => stage.toUpperCase()), "PROMOTE TO"], rows);
}

function stageCell({ pins }: PinnedComponent, stage: string): string {
  const found = pins.get(stage);
  if (found === undefined) return "-";
  return found.pin === undefined ? "has faults" : pinWords(found.pin);
}

function facts(pins: Pins, component: PinnedComponent): object {
  const { name, group, pins: files, own } = component;
  return {
    ...{ component: name, group },
    pins: Object.fromEntries(pins.stages.map((stage) => [stage, files.get(stage)?.pin ?? null])),
    clusters: Object.fromEntries([...own].map(([cluster, { pin }]) => [cluster, pin ?? null])),
    promoteTo: promotable(pins, component),
    findings: [...files.values(), ...own.values()].flatMap(({ findings }) => findings),
  };
}
