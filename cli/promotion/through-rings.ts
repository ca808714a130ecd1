import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { UserError } from "../../model/errors";
import { failure } from "../terminal/fail";
import { takesBack } from "../tree/ahead";
import type { EditedFile } from "../tree/edit";
import { lackingKeys, pinChanges, type PinFile, type PinnedComponent, type Pins, type RingFiles } from "../tree/pins";
import { frontOf, promoteLine } from "../tree/ring-steps";
import { withMerged, withValuesOf } from "../tree/yaml-edit";
import { firstOverlay, overlayEdits, sameOverlays } from "./overlays";
import type { Promotion } from "./promotion";

/** A component on its way through a stage with rings. */
export interface Way {
  pins: Pins;
  component: PinnedComponent;
  /** The stage, and the one before it. */
  to: string;
  from: string;
  /** The ring that was asked for; without one it is the next. */
  ring?: string | undefined;
}

/**
 * The next step of a component through the rings of a stage; undefined when there is none.
 * @throws UserError when a ring would be skipped, or a pin has faults
 */
export function ringPromotion(way: Way): Promotion | undefined {
  const { pins, component, to } = way;
  const rings = pins.rings.get(to)!;
  const last = rings.length - 1;
  const front = frontOf(pins, component, to);
  const place = way.ring === undefined ? Math.min(front + 1, last) : rings.indexOf(way.ring);
  refuseOwnOfLast(way, rings[last]!);
  if (place === 0) return last === 0 ? undefined : intoFirst(way, rings[0]!);
  const source = filesOf(way, rings[place - 1]!);
  const gap = rings.slice(0, place).find((ring) => filesOf(way, ring) === undefined);
  if (source === undefined || gap !== undefined) throw skipped(way, rings[place]!, gap ?? rings[place - 1]!);
  return place === last ? intoStage(way, source, rings) : intoNext(way, source, rings[place - 1]!, rings[place]!);
}

/** The first ring gets the pin of the stage before. */
function intoFirst({ component, from, to }: Way, ring: string): Promotion | undefined {
  const source = component.pins.get(from);
  if (source === undefined)
    throw failure(`${component.name} has no pin in ${from}, the stage before ${to}; promote it there first`);
  const own = component.pins.get(to);
  const there = component.rings.get(to)?.get(ring)?.pin;
  const pin = sound(source);
  const before = there ?? own;
  const changes = pinChanges(before && sound(before), pin);
  if (changes.length === 0) return undefined;
  const lacking = own ? lackingKeys(pin, sound(own)) : [];
  if (lacking.length > 0) {
    throw failure(
      `${source.path} has no ${lacking.join(", ")}, and ${own!.path} has; the pin of a ring lies over the stage's, so it must have the same keys: change ${own!.path} to the form of ${from} first`,
    );
  }
  const file = `${component.directory}/stages/${to}/rings/${ring}/pin.yaml`;
  return {
    ...{ component: component.name, file, ring, origin: from, changes },
    edits: [
      { path: file, text: withValuesOf(before?.text, source.text) },
      ...(pin.kustomize ? firstOverlay(component, to) : []),
    ],
    back: before?.pin !== undefined && takesBack(pin, before.pin),
  };
}

/** A ring gets what the ring before it has: the same files, and no others. */
function intoNext({ component, to }: Way, source: RingFiles, origin: string, ring: string): Promotion | undefined {
  const there = component.rings.get(to)?.get(ring) ?? {};
  const directory = `${component.directory}/stages/${to}/rings/${ring}`;
  const edits: EditedFile[] = [];
  for (const [name, from, old] of [
    ["pin.yaml", source.pin, there.pin],
    ["values.yaml", source.values, there.values],
  ] as const) {
    if (from && !sameValues(from.text, old?.text)) {
      edits.push({ path: `${directory}/${name}`, text: withValuesOf(old?.text, from.text) });
    }
    if (!from && old) edits.push({ path: old.path, text: null });
  }
  edits.push(...overlayEdits(source.overlay, there.overlay, directory));
  if (edits.length === 0) return undefined;
  const own = component.pins.get(to);
  const before = there.pin ?? own;
  const pin = source.pin ? sound(source.pin) : own && sound(own);
  return {
    ...{ component: component.name, file: edits[0]!.path, ring, origin, edits },
    changes: pin ? pinChanges(before && sound(before), pin) : [],
    back: before?.pin !== undefined && pin !== undefined && takesBack(pin, before.pin),
  };
}

/** The last step: what the rings have becomes the stage's own, and the files of the rings that say the same go. */
function intoStage({ component, to }: Way, source: RingFiles, rings: readonly string[]): Promotion {
  const stage = `${component.directory}/stages/${to}`;
  const own = component.pins.get(to);
  const edits: EditedFile[] = [];
  if (source.pin) edits.push({ path: `${stage}/pin.yaml`, text: withValuesOf(own?.text, source.pin.text) });
  if (source.values) {
    const text = withMerged(component.values.get(to)?.text, source.values.text);
    edits.push({ path: `${stage}/values.yaml`, text });
  }
  // It was there instead of the stage's.
  if (source.overlay) edits.push(...overlayEdits(source.overlay, component.overlays.get(to), stage));
  // A ring that has got something newer in the meantime keeps it.
  for (const ring of rings) {
    const files = component.rings.get(to)?.get(ring) ?? {};
    for (const name of ["pin", "values"] as const) {
      const [here, arrived] = [files[name], source[name]];
      if (here && arrived && sameValues(here.text, arrived.text)) edits.push({ path: here.path, text: null });
    }
    if (files.overlay && sameOverlays(files.overlay, source.overlay)) {
      edits.push(...overlayEdits(undefined, files.overlay, `${stage}/rings/${ring}`));
    }
  }
  const pin = source.pin ? sound(source.pin) : own && sound(own);
  return {
    ...{ component: component.name, file: edits[0]!.path, ring: rings.at(-1)!, origin: rings.at(-2)!, edits },
    changes: source.pin && pin ? pinChanges(own && sound(own), pin) : [],
    back: own?.pin !== undefined && pin !== undefined && takesBack(pin, own.pin),
  };
}

function filesOf({ component, to }: Way, ring: string): RingFiles | undefined {
  return component.rings.get(to)?.get(ring);
}

/** What is in the last ring alone would stay there when the stage gets its files. */
function refuseOwnOfLast(way: Way, last: string): void {
  const files = filesOf(way, last);
  if (files === undefined) return;
  const overlay = files.overlay && `${way.component.directory}/stages/${way.to}/rings/${last}/overlay`;
  const paths = [files.pin?.path, files.values?.path, overlay].filter((path) => path !== undefined);
  throw failure(
    `${last} is the last ring of ${way.to} and has files of its own; what it has is the stage's: move ${paths.join(" and ")} to the files of ${way.to}, or remove ${paths.length === 1 ? "it" : "them"}`,
  );
}

function skipped({ component: { name }, to }: Way, ring: string, before: string): UserError {
  return failure(
    `${name} has nothing in ${before}, a ring of ${to} before ${ring}; promote it there first: ${promoteLine(name, { stage: to, ring: before })}`,
  );
}

function sameValues(a: string, b: string | undefined): boolean {
  return b !== undefined && isDeepStrictEqual(parse(a), parse(b));
}

/** @throws UserError with what is wrong with a pin */
export function sound({ pin, findings }: PinFile) {
  if (pin === undefined) throw UserError.of(findings);
  return pin;
}
