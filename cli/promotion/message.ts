import { readTree } from "../../model/tree";
import type { TreeSource } from "../../model/tree-source";
import { count, someOf } from "../terminal/table";
import { pinWords, type Pins } from "../tree/pins";
import { approvalLine, commitText } from "../tree/commit";
import { ownPinAt, stepAt, stepName } from "../tree/ring-steps";
import type { Promotions } from "./promotions";
import type { Promotion } from "./promotion";

/**
 * Which component goes where, from which version to which, and who has to approve it.
 * @param more further paragraphs: why something was not waited for, or whose step it is
 */
export function commitMessage(
  source: TreeSource,
  pins: Pins,
  { to, promotions }: Promotions,
  more: readonly (readonly string[])[] = [],
): string {
  const [first] = promotions;
  const ring = first?.ring;
  const step = stepAt(to, ring);
  const place = stepName(step);
  const words = (one: Promotion) => versions(pins, to, one);
  const subject =
    promotions.length === 1
      ? `Promote ${first!.component} to ${place}${words(first!).to === "" ? "" : `: ${words(first!).to}`}`
      : `Promote ${count(promotions.length, "component")} to ${place}`;
  const lines = promotions.map((one) => {
    const { from, to: now } = words(one);
    const what = from === now ? `${now}, with other values` : `${from || "new"} -> ${now}`;
    return `${one.component}: ${what} (from ${one.origin})`;
  });
  const approval = approvalLine(pins.approvers(step), `gitops/stages/${to}.yaml`);
  return commitText(
    subject,
    lines,
    ring === undefined ? [] : [reachWords(source, pins, to, ring)],
    [approval],
    ...more,
  );
}

/** `Ring canary of prod, 1 of 3: prod-us`. */
function reachWords(source: TreeSource, pins: Pins, stage: string, ring: string): string {
  const rings = pins.rings.get(stage)!;
  const inRing = [...readTree(source).clusters.values()].filter((one) => one.stage === stage && one.ring === ring);
  const names = inRing.map(({ name }) => name);
  const clusters = names.length === 0 ? "no cluster" : someOf(names);
  return `Ring ${ring} of ${stage}, ${rings.indexOf(ring) + 1} of ${rings.length}: ${clusters}`;
}

/** What the place has before and after. */
function versions(
  pins: Pins,
  stage: string,
  { component: name, origin, ring }: Promotion,
): { from: string; to: string } {
  const component = pins.components.find((one) => one.name === name)!;
  const own = component.pins.get(stage)?.pin;
  const pinOf = (of: string) => ownPinAt(component, { stage, ring: of })?.pin;
  const before = (ring === undefined ? undefined : pinOf(ring)) ?? own;
  const rings = pins.rings.get(stage)!;
  const after =
    ring === undefined || origin !== rings[rings.indexOf(ring) - 1]
      ? component.pins.get(origin)?.pin
      : (pinOf(origin) ?? own);
  return { from: before ? pinWords(before) : "", to: after ? pinWords(after) : "" };
}
