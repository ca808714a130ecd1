export type Values = Record<string, unknown>;

export function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Value files laid over each other as Helm does it: mappings key by key, everything else as a whole. */
export function overlay(layers: readonly Values[]): Values {
  return layers.reduce<Values>((below, above) => merge(below, above), {});
}

function merge(below: Values, above: Values): Values {
  const result = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = own(result, key);
    define(result, key, isValues(under) && isValues(value) ? merge(under, value) : value);
  }
  return result;
}

/** Values over a chart's defaults: as `overlay`, but null removes the default. */
export function withDefaults(defaults: Values, values: Values): Values {
  const result = { ...defaults };
  for (const [key, value] of Object.entries(values)) {
    const under = own(result, key);
    if (value === null && Object.hasOwn(defaults, key)) delete result[key];
    else define(result, key, isValues(under) && isValues(value) ? withDefaults(under, value) : value);
  }
  return result;
}

function own(values: Values, key: string): unknown {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

/** Sets a key, also one such as `__proto__`. */
export function define(target: Values, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
