import { isDeepStrictEqual } from "node:util";
import { isMapping, type Mapping } from "../../../model/mapping";
import type { FieldDrift } from "../../stack/cluster/differences";

/** What Pulumi hands over beside the fields of a resource. */
const isOwn = (key: string) => key.startsWith("__");

/**
 * The fields that the program asked for and that a provider now finds with another value. What the provider never gives back cannot be
 * compared, and what it adds was not asked for.
 */
export function differingInputs(inputs: Mapping, live: Mapping, prefix = ""): FieldDrift[] {
  return Object.entries(inputs).flatMap(([key, wanted]) => {
    const now = live[key];
    if (isOwn(key) || now === undefined || isDeepStrictEqual(wanted, now)) return [];
    const path = prefix === "" ? key : `${prefix}.${key}`;
    if (isMapping(wanted) && isMapping(now)) return differingInputs(wanted, now, path);
    return [{ path, live: now, wanted }];
  });
}
