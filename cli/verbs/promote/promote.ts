import { compare, valid } from "semver";
import { UserError } from "../../../model/errors";
import { nearestName } from "../../../model/names";
import { failure, usageError, unknownName } from "../../terminal/fail";
import { withValuesOf } from "../../tree/yaml-edit";
import { pinChanges, type PinChange, type PinFile, type PinnedComponent, type Pins } from "../../tree/pins";

/** One pin that will be replaced by that of the stage before. */
export interface Promotion {
  component: string;
  file: string;
  /** The new text of the file. */
  text: string;
  changes: PinChange[];
  /** True when the version gets lower. */
  back: boolean;
}

export interface Promotions {
  from: string;
  to: string;
  promotions: Promotion[];
  /** Components that are the same in both stages. */
  same: string[];
  /** Only with `--all`: components of the stage before that the stage does not have. */
  absent: string[];
}

export interface Wanted {
  to: string;
  /** The stage before, as the command line names it. */
  from?: string | undefined;
  /** Without names: all components that both stages have. */
  component?: string | undefined;
}

/**
 * What a promotion would write.
 * @throws UserError when a name is wrong, a stage would be skipped, or a pin has faults
 */
export function promotionsFor(pins: Pins, { to, from: said, component: name }: Wanted): Promotions {
  const from = stageBefore(pins, to, said);
  if (name !== undefined) {
    const component = pins.components.find((found) => found.name === name);
    if (component === undefined)
      throw unknownName(
        "component",
        name,
        pins.components.map((found) => found.name),
      );
    const promotion = promotionOf(pins, component, from, to);
    return { from, to, promotions: promotion ? [promotion] : [], same: promotion ? [] : [name], absent: [] };
  }
  const there = pins.components.filter((component) => component.pins.has(from));
  const both = there.filter((component) => component.pins.has(to));
  const found = both.map((component) => [component.name, promotionOf(pins, component, from, to)] as const);
  return {
    ...{ from, to },
    promotions: found.flatMap(([, promotion]) => promotion ?? []),
    same: found.filter(([, promotion]) => promotion === undefined).map(([component]) => component),
    absent: there.filter((component) => !both.includes(component)).map((component) => component.name),
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

function promotionOf({ stages }: Pins, component: PinnedComponent, from: string, to: string): Promotion | undefined {
  const { name, pins, directory } = component;
  const source = pins.get(from);
  if (source === undefined) throw skipped(stages, component, from, to);
  const target = pins.get(to);
  const pin = sound(source);
  if (target !== undefined) sound(target);
  const changes = pinChanges(target?.pin, pin);
  if (changes.length === 0) return undefined;
  return {
    component: name,
    file: `${directory}/stages/${to}/pin.yaml`,
    text: withValuesOf(target?.text, source.text),
    changes,
    back: target?.pin !== undefined && isLower(pin.version, target.pin.version),
  };
}

function sound({ pin, findings }: PinFile) {
  if (pin === undefined) throw UserError.of(findings);
  return pin;
}

function skipped(stages: readonly string[], { name, pins }: PinnedComponent, from: string, to: string): UserError {
  const earlier = stages.slice(0, stages.indexOf(from)).filter((stage) => pins.has(stage));
  const what = `${name} has no pin in ${from}, the stage before ${to}`;
  if (earlier.length > 0) return failure(`${what}; promote it there first: onebranch promote ${name} --to ${from}`);
  return failure(`${what}; there is nothing to promote`);
}

/** Versions that cannot be compared are ignored. */
function isLower(version: string, than: string): boolean {
  return valid(version) !== null && valid(than) !== null && compare(version, than) < 0;
}

/** The error for a command line that names too much or too little. */
export function wantedOf(
  component: string | undefined,
  all: boolean,
  to: string | undefined,
): { component?: string | undefined; to: string } {
  if (component !== undefined && all) throw usageError(`give ${component} or --all, not both`);
  if (component === undefined && !all) {
    throw usageError("name a component, or all of them with --all; `onebranch pins` shows what there is to promote");
  }
  if (component !== undefined && to === undefined && nearestName(component, ["status"]) !== undefined) {
    throw usageError(`say which stage to promote ${component} to with --to STAGE; or did you mean promote status?`);
  }
  if (to === undefined) throw usageError("say which stage to promote to with --to STAGE");
  return { component, to };
}
