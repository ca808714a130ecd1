import { isDeepStrictEqual } from "node:util";
import { pinWords, type Pins } from "../../tree/pins";
import { promoteLine } from "../../tree/ring-steps";
import type { Promotion } from "../../promotion/promotion";
import type { Promotions } from "../../promotion/promotions";

/** What comes after a step in a stage with rings: the next ring, and what waits in the stage before. */
export function afterwards(pins: Pins, { from, to }: Pick<Promotions, "from" | "to">, step: Promotion): string[] {
  const { component: name, ring, origin } = step;
  const rings = pins.rings.get(to) ?? [];
  const place = rings.indexOf(ring ?? "");
  if (place < 0) return [];
  const next = rings[place + 1];
  const lines = next === undefined ? [] : [`  next: ${next}, with ${promoteLine(name, { stage: to })}`];
  const component = pins.components.find((found) => found.name === name);
  const [newest, moved] = [component?.pins.get(from)?.pin, component?.rings.get(to)?.get(origin)?.pin?.pin];
  if (origin !== from && newest && moved && !isDeepStrictEqual(newest, moved)) {
    lines.push(`  ${from} has ${pinWords(newest)} in the meantime; it begins with --ring ${rings[0]}`);
  }
  return lines;
}
