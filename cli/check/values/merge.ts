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
    const under = result[key];
    result[key] = isValues(under) && isValues(value) ? merge(under, value) : value;
  }
  return result;
}

/** Values over a chart's defaults: as `overlay`, but null removes the default. */
export function withDefaults(defaults: Values, values: Values): Values {
  const result = { ...defaults };
  for (const [key, value] of Object.entries(values)) {
    const under = result[key];
    if (value === null && Object.hasOwn(defaults, key)) delete result[key];
    else result[key] = isValues(under) && isValues(value) ? withDefaults(under, value) : value;
  }
  return result;
}
