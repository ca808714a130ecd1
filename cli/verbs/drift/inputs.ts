import { isDeepStrictEqual } from "node:util";
import { isMapping, type Mapping } from "../../../model/mapping";
import type { FieldDrift } from "../../stack/cluster/differences";

/** What Pulumi hands over beside the fields of a resource. */
const isOwn = (key: string) => key.startsWith("__");

/**
 * The fields that the program asked for and that a provider now finds with another value. What the provider never gives back cannot
 * be compared, and what it adds was not asked for.
 */
export function differingInputs(inputs: Mapping, live: Mapping, prefix = ""): FieldDrift[] {
  return Object.entries(inputs).flatMap(([key, wanted]) => {
    return isOwn(key) ? [] : between(wanted, live[key], prefix === "" ? key : `${prefix}.${key}`);
  });
}

function between(wanted: unknown, now: unknown, path: string): FieldDrift[] {
  if (now === undefined || isDeepStrictEqual(inOneOrder(wanted), inOneOrder(now))) return [];
  if (isMapping(wanted) && isMapping(now)) return differingInputs(wanted, now, path);
  if (Array.isArray(wanted) && Array.isArray(now) && wanted.every(isMapping) && wanted.length === now.length) {
    return wanted.flatMap((item, index) => between(item, now[index], `${path}[${index}]`));
  }
  return [{ path, live: now, wanted }];
}

/** A list of plain values is a set to most providers, which give it back in an order of their own. */
function inOneOrder(value: unknown): unknown {
  if (!Array.isArray(value) || value.some((item) => typeof item === "object")) return value;
  return [...(value as unknown[])].sort((a, b) => (String(a) < String(b) ? -1 : 1));
}
