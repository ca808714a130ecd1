/** A mapping of YAML or JSON. */
export type Mapping = Record<string, unknown>;

/** Whether a value of YAML or JSON is a mapping, that is, neither a list, nor null, nor a scalar. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Lays values over others as Helm does: mappings are merged key by key, everything else is replaced as a whole. */
export function merge(below: Mapping, above: Mapping): Mapping {
  const result = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = own(result, key);
    define(result, key, isMapping(under) && isMapping(value) ? merge(under, value) : value);
  }
  return result;
}

/** The value of a key; undefined when the mapping does not have it, also for a key such as `constructor`. */
export function own(mapping: Mapping, key: string): unknown {
  return Object.hasOwn(mapping, key) ? mapping[key] : undefined;
}

/** Sets a key; a key such as `__proto__` is set like any other. */
export function define(target: Mapping, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
