import type { Io } from "../../../terminal/io";
import { mask, maskFields } from "../../../tree/mask";
import { findCluster, type OpenedTree } from "../../../tree/open";
import { Renderer } from "../../../tree/renderer";
import { effectiveValues } from "../../../tree/values/effective";
import type { Origin } from "../../../tree/values/explained";
import { whyMissing } from "../../../tree/values/missing";
import type { ValueOrigin, ValuesView } from "../views";

/** Where charts come from, as the options of the verb say. */
export interface ChartSettings {
  charts?: string;
  offline: boolean;
}

/** Opens the working tree, asks about it and closes it. */
export async function inTree<T>(
  root: string,
  env: Io["env"],
  settings: ChartSettings,
  work: (opened: OpenedTree) => Promise<T>,
): Promise<T> {
  const renderer = await Renderer.open({ root, env, ...settings });
  try {
    return await work({ renderer, tree: await renderer.tree() });
  } finally {
    renderer.close();
  }
}

/**
 * Why each value of a component in a cluster is what it is.
 * @throws UserError when the working tree does not have it there
 */
export async function valuesOf(opened: OpenedTree, cluster: string, component: string): Promise<ValuesView> {
  const facts = findCluster(opened.tree, cluster);
  const expansion = await opened.renderer.expand(opened.tree, { clusters: [cluster] });
  const application = expansion.applications.find(({ name }) => name === component);
  if (application === undefined) throw new Error(whyMissing(opened.tree, expansion, facts, component));
  const { chart, values, notes } = await effectiveValues(opened, application);
  return {
    chart,
    values: values.map(({ key, overrides, ...origin }) => {
      return { key, ...masked(key, origin), overrides: overrides.map((overridden) => masked(key, overridden)) };
    }),
    notes,
  };
}

/** A cluster of a kubeconfig may have what this working tree does not know. */
export function noValues(error: Error): ValuesView {
  return { chart: "", values: [], notes: [], missing: error.message };
}

function masked(key: string, { value, file, line, layer }: Origin): ValueOrigin {
  const [field] = maskFields("", [{ path: key, to: value }]);
  return { value: field === undefined ? mask : field.to, file, line, layer };
}
