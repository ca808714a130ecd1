import type { UserError } from "../../model/errors";
import { failure, unknownName } from "../terminal/fail";
import { withValuesOf } from "../tree/yaml-edit";
import { pinChanges, type PinnedComponent, type Pins } from "../tree/pins";
import { frontOf, promoteLine, refuseUnknownRing, stepAt } from "../tree/ring-steps";
import { firstOverlay } from "./overlays";
import type { Promotion } from "./promotion";
import { takesBack } from "../tree/ahead";
import { ringPromotion, sound, type Way } from "./through-rings";

export interface Promotions {
  from: string;
  to: string;
  promotions: Promotion[];
  /** Components that are the same in both stages. */
  same: string[];
  /** Only with `--all`: components of the stage before that neither the stage nor a later one has. */
  absent: string[];
}

export interface Wanted {
  to: string;
  /** The stage before, as the command line names it. */
  from?: string | undefined;
  /** The ring to reach; without one it is the next. */
  ring?: string | undefined;
  /** Without a name: all components of the stage before that the stage has too, or has to have because a later one does. */
  component?: string | undefined;
}

/**
 * What a promotion would write.
 * @throws UserError when a name is wrong, a stage would be skipped, or a pin has faults
 */
export function promotionsFor(pins: Pins, { to, from: said, ring, component: name }: Wanted): Promotions {
  const from = stageBefore(pins, to, said);
  refuseUnknownRing(stepAt(to, ring), pins.rings.get(to) ?? []);
  if (name !== undefined) {
    const component = pins.components.find((found) => found.name === name);
    if (component === undefined)
      throw unknownName(
        "component",
        name,
        pins.components.map((found) => found.name),
      );
    const promotion = promotionOf({ pins, component, from, to, ring });
    return { from, to, promotions: promotion ? [promotion] : [], same: promotion ? [] : [name], absent: [] };
  }
  const there = pins.components.filter((component) => component.pins.has(from));
  const onwards = pins.stages.slice(pins.stages.indexOf(to));
  const isIn = (component: PinnedComponent, stage: string) =>
    component.pins.has(stage) || frontOf(pins, component, stage) >= 0;
  const due = there.filter((component) => onwards.some((stage) => isIn(component, stage)));
  const found = due
    .filter((component) => canReach(pins, component, to, ring))
    .map((component) => [component.name, promotionOf({ pins, component, from, to, ring })] as const);
  refuseSeveralRings(found.flatMap(([, promotion]) => promotion ?? []));
  return {
    ...{ from, to },
    promotions: found.flatMap(([, promotion]) => promotion ?? []),
    same: found.filter(([, promotion]) => promotion === undefined).map(([component]) => component),
    absent: there.filter((component) => !due.includes(component)).map((component) => component.name),
  };
}

function stageBefore({ stages }: Pins, to: string, said: string | undefined): string {
  const place = stages.indexOf(to);
  if (place < 0) throw unknownName("stage", to, stages);
  const before = stages[place - 1];
  if (before === undefined) {
    throw failure(`${to} is the first stage; nothing comes before it: edit its pins themselves`);
  }
  if (said === undefined || said === before) return before;
  if (!stages.includes(said)) throw unknownName("stage", said, stages);
  const wrong =
    stages.indexOf(said) < place ? `${said} to ${to} would skip ${before}` : `${said} does not come before ${to}`;
  throw failure(`${wrong}; ${to} takes its pins from ${before}`);
}

function promotionOf(way: Way): Promotion | undefined {
  const { component, from, to } = way;
  const { name, pins, directory } = component;
  const { stages, rings } = way.pins;
  const source = pins.get(from);
  if ((rings.get(to)?.length ?? 0) > 1 && (source !== undefined || frontOf(way.pins, component, to) >= 0)) {
    return ringPromotion(way);
  }
  if (source === undefined) throw skipped(stages, component, from, to);
  const target = pins.get(to);
  const pin = sound(source);
  if (target !== undefined) sound(target);
  const changes = pinChanges(target?.pin, pin);
  if (changes.length === 0) return undefined;
  const file = `${directory}/stages/${to}/pin.yaml`;
  return {
    ...{ component: name, origin: from, file, changes },
    edits: [
      { path: file, text: withValuesOf(target?.text, source.text) },
      ...(pin.kustomize ? firstOverlay(component, to) : []),
    ],
    back: target?.pin !== undefined && takesBack(pin, target.pin),
  };
}

/** Of all components, those that have something in the ring before the one that was asked for. */
function canReach(pins: Pins, component: PinnedComponent, to: string, ring: string | undefined): boolean {
  const rings = pins.rings.get(to) ?? [];
  return ring === undefined || rings.indexOf(ring) - 1 <= frontOf(pins, component, to);
}

/** One commit reaches one ring. */
function refuseSeveralRings(promotions: readonly Promotion[]): void {
  const [first] = promotions;
  const other = promotions.find(({ ring }) => ring !== first?.ring);
  if (first === undefined || other === undefined) return;
  throw failure(
    `${first.component} would go to ${first.ring} and ${other.component} to ${other.ring}, and one change reaches one ring: say which with --ring ${first.ring} or --ring ${other.ring}`,
  );
}

function skipped(stages: readonly string[], { name, pins }: PinnedComponent, from: string, to: string): UserError {
  const earlier = stages.slice(0, stages.indexOf(from)).filter((stage) => pins.has(stage));
  const what = `${name} has no pin in ${from}, the stage before ${to}`;
  if (earlier.length > 0) return failure(`${what}; promote it there first: ${promoteLine(name, { stage: from })}`);
  return failure(`${what}; there is nothing to promote`);
}
