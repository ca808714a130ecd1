/** A mapping of YAML or JSON. */
export type Mapping = Record<string, unknown>;

/** Whether a value of YAML or JSON is a mapping: neither a list nor nothing. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Values laid over others as Helm does it: mappings key by key, everything else as a whole. */
export function merge(below: Mapping, above: Mapping): Mapping {
  const result = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = own(result, key);
    define(result, key, isMapping(under) && isMapping(value) ? merge(under, value) : value);
  }
  return result;
}

/** The value of a key, also one such as `constructor`; undefined when the mapping has none. */
export function own(mapping: Mapping, key: string): unknown {
  return Object.hasOwn(mapping, key) ? mapping[key] : undefined;
}

/** Sets a key, also one such as `__proto__`. */
export function define(target: Mapping, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
