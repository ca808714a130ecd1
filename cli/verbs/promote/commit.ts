import { readTree } from "../../../model/tree";
import type { TreeSource } from "../../../model/tree-source";
import { count, someOf } from "../../terminal/table";
import { pinWords, type Pins } from "../../tree/pins";
import { stepName } from "../../tree/ring-steps";
import type { Promotions } from "./promote";
import type { Promotion } from "./promotion";

/** Which component goes where, from which version to which, and who has to approve it. */
export function commitMessage(source: TreeSource, pins: Pins, { to, promotions }: Promotions): string {
  const [first] = promotions;
  const ring = first?.ring;
  const place = stepName({ stage: to, ...(ring !== undefined && { ring }) });
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
  const approvers = pins.approvers.get(to) ?? [];
  const file = `gitops/stages/${to}.yaml`;
  return [
    subject,
    "",
    ...lines,
    ...(ring === undefined ? [] : ["", reachWords(source, pins, to, ring)]),
    "",
    approvers.length > 0 ? `To approve: ${approvers.join(", ")} (${file})` : `To approve: nobody has to (${file})`,
    "",
  ].join("\n");
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
  const pinOf = (of: string) => component.rings.get(stage)?.get(of)?.pin?.pin;
  const before = (ring === undefined ? undefined : pinOf(ring)) ?? own;
  const after =
    ring === undefined || origin !== pins.rings.get(stage)![pins.rings.get(stage)!.indexOf(ring) - 1]
      ? component.pins.get(origin)?.pin
      : (pinOf(origin) ?? own);
  return { from: before ? pinWords(before) : "", to: after ? pinWords(after) : "" };
}
