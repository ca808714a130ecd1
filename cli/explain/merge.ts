import type { Sourced } from "./source";

/** Where a value comes from. */
export interface Setting {
  value: unknown;
  file: string;
  line: number;
  /** The layer of that file, such as "stage". */
  layer: string;
}

/** A value of the result: who set it, and what it overrode, nearest first. Mappings have children instead. */
export interface Effective {
  setting: Setting;
  overrides: Setting[];
  children?: Map<string, Effective>;
}

/** One values file in Helm's order. */
export interface Layer {
  name: string;
  file: string;
  root: Sourced;
}

/** A default of the chart that a null takes away; `setting` is that null. */
export interface Removed {
  path: string[];
  setting: Setting;
  overrides: Setting[];
}

/**
 * Lays value files over the chart's defaults as Helm does: mappings key by key, anything else as a whole; a null takes
 * a default away, and stays a null where there is none.
 */
export function mergeLayers(
  defaults: readonly Layer[],
  layers: readonly Layer[],
): { root: Effective; removed: Removed[] } {
  const user = layers.reduce<Effective | undefined>((below, layer) => over(below, fresh(layer, layer.root)), undefined);
  const chart = defaults.reduce<Effective | undefined>(
    (below, layer) => over(below, fresh(layer, layer.root)),
    undefined,
  );
  const removed: Removed[] = [];
  const root = withDefaults(chart, user, [], removed);
  return {
    root: root ?? { setting: { value: {}, file: "", line: 1, layer: "" }, overrides: [], children: new Map() },
    removed,
  };
}

function fresh({ name, file }: Layer, source: Sourced): Effective {
  const make = ({ value, line, children }: Sourced): Effective => ({
    setting: { value, file, line, layer: name },
    overrides: [],
    ...(children && { children: new Map([...children].map(([key, child]) => [key, make(child)])) }),
  });
  return make(source);
}

/** A later file over what the earlier ones made. */
function over(below: Effective | undefined, above: Effective): Effective {
  if (below === undefined) return above;
  if (!below.children || !above.children) return adding(above, [current(below), ...below.overrides]);
  const children = new Map(below.children);
  for (const [key, child] of above.children) children.set(key, over(children.get(key), child));
  return { setting: above.setting, overrides: [], children };
}

function withDefaults(
  chart: Effective | undefined,
  user: Effective | undefined,
  path: string[],
  removed: Removed[],
): Effective | undefined {
  if (user === undefined) return chart && withoutNulls(chart);
  if (chart === undefined) return user;
  if (!user.children && user.setting.value === null) {
    removed.push({ path, setting: user.setting, overrides: [...user.overrides, current(chart), ...chart.overrides] });
    return undefined;
  }
  if (!chart.children || !user.children) return adding(user, [current(chart), ...chart.overrides]);
  const children = new Map(withoutNulls(chart)!.children);
  for (const [key, child] of user.children) {
    const result = withDefaults(chart.children.get(key), child, [...path, key], removed);
    if (result === undefined) children.delete(key);
    else children.set(key, result);
  }
  return { setting: user.setting, overrides: [], children };
}

/** A null of the chart itself is no default at all. */
function withoutNulls(node: Effective): Effective | undefined {
  if (!node.children) return node.setting.value === null ? undefined : node;
  const kept = [...node.children].flatMap(([key, child]): [string, Effective][] => {
    const result = withoutNulls(child);
    return result === undefined ? [] : [[key, result]];
  });
  return { ...node, children: new Map(kept) };
}

/** A setting with the value that the layers up to here made of it. */
function current({ setting, children }: Effective): Setting {
  return children ? { ...setting, value: valueOf({ setting, overrides: [], children }) } : setting;
}

/** Notes what a value overrode; for a mapping at each value inside, for that is what is shown. */
function adding(node: Effective, more: readonly Setting[]): Effective {
  const overrides = [...node.overrides, ...more];
  if (!node.children || node.children.size === 0) return { ...node, overrides };
  return { ...node, children: new Map([...node.children].map(([key, child]) => [key, adding(child, more)])) };
}

/** The plain value. */
export function valueOf({ setting, children }: Effective): unknown {
  if (!children) return setting.value;
  const result: Record<string, unknown> = {};
  for (const [key, child] of children) {
    Object.defineProperty(result, key, { value: valueOf(child), enumerable: true, configurable: true, writable: true });
  }
  return result;
}
