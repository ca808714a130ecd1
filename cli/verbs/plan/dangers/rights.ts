import type { DangerId } from "../../../../model/rules";
import { groupBy } from "../../../../model/group-by";
import { compareText } from "../../../../model/findings";
import { allOf, someOf } from "../../../terminal/table";
import type { Danger } from "../types";

/** What the roles and bindings of a new component bring, in words. */
const words: Partial<Record<DangerId, string>> = {
  "rbac-cluster-admin": "cluster-admin",
  "rbac-wildcard": "everything (*) of some kind",
  "rbac-escalation": "rights to give rights",
  "rbac-wider": "other rights",
};

/**
 * Makes one danger of the rights that a new component brings: each of its roles is new, and a reader asks what the component may do.
 * @param dangers the worst first
 * @param all how many clusters the change has
 */
export function withRightsTogether(component: string, dangers: readonly Danger[], all: number): Danger[] {
  const rights = dangers.filter(({ id }) => words[id] !== undefined);
  if (rights.length < 2) return [...dangers];
  const parts = [...groupBy(rights, ({ id }) => id)].map(
    ([id, same]) => `${words[id]} by ${someOf([...new Set(same.flatMap(({ resources }) => resources))])}`,
  );
  const [{ id, level }] = rights as [Danger];
  const isEverywhere = rights.some(({ clusters }) => clusters === undefined);
  const clusters = [...new Set(rights.flatMap((one) => one.clusters ?? []))].sort(compareText);
  const together: Danger = {
    ...{ id, level, message: `${component} is new and brings ${allOf(parts)}` },
    resources: [...new Set(rights.flatMap(({ resources }) => resources))],
    ...(!isEverywhere && clusters.length < all && { clusters }),
    details: rights,
  };
  return dangers.flatMap((danger) => (danger === rights[0] ? [together] : rights.includes(danger) ? [] : [danger]));
}
