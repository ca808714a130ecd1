import { define, isMapping, merge, own, type Mapping } from "../../../model/mapping";

/** Merges value files as Helm does: mappings key by key, everything else as a whole. */
export function overlay(layers: readonly Mapping[]): Mapping {
  return layers.reduce<Mapping>(merge, {});
}

/** Merges values into a chart's defaults: as `overlay`, but null removes the default. */
export function withDefaults(defaults: Mapping, values: Mapping): Mapping {
  const result = { ...defaults };
  for (const [key, value] of Object.entries(values)) {
    const under = own(result, key);
    if (value === null && Object.hasOwn(defaults, key)) delete result[key];
    else define(result, key, isMapping(under) && isMapping(value) ? withDefaults(under, value) : value);
  }
  return result;
}
