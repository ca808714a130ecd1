import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { groups, layerPaths } from "../../../model/layers";
import { isMapping } from "../../../model/mapping";
import { isDnsLabel } from "../../../model/names";

/** Larger files are not read: a person waits for the answer. */
const maxSize = 200_000;

/**
 * Keys that the values of a component in a cluster may have, dotted, with the mappings above them: what its files and
 * its chart set, as far as that is in the tree. Quick rather than exact: `explain` computes the values themselves.
 */
export function keyNames(root: string | undefined, cluster: string, component: string): string[] {
  if (root === undefined || !isDnsLabel(cluster) || !isDnsLabel(component)) return [];
  const read = (path: string) => readYaml(join(root, path));
  const { stage, region } = read(`gitops/clusters/${cluster}/cluster.yaml`);
  const place = { name: cluster, stage: String(stage), region: String(region) };
  const keys = new Set<string>();
  for (const group of groups) {
    const pin = read(`gitops/${group}/${component}/stages/${place.stage}/pin.yaml`);
    if (pin.repo === undefined) {
      collect(read(`gitops/charts/${String(pin.chart)}/${String(pin.version)}/values.yaml`), "", keys);
    }
    // The keys of a pin are nothing that a person sets as a value.
    for (const path of layerPaths(place, { group, name: component }, { thirdParty: true })) {
      collect(read(path), "", keys);
    }
  }
  return [...keys];
}

function collect(values: Record<string, unknown>, above: string, into: Set<string>): void {
  for (const [key, value] of Object.entries(values)) {
    if (!/^[A-Za-z0-9_/-]+$/.test(key)) continue;
    const name = `${above}${key}`;
    into.add(name);
    if (isMapping(value)) collect(value, `${name}.`, into);
  }
}

/** The mapping of a file; an empty one where there is none. */
function readYaml(file: string): Record<string, unknown> {
  try {
    if (statSync(file).size > maxSize) return {};
    const value: unknown = parseDocument(readFileSync(file, "utf8"), { version: "1.1" }).toJS();
    return isMapping(value) ? value : {};
  } catch {
    return {};
  }
}
