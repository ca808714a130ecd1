import { Directory } from "../../../model/directory";
import { clusterFile, statedIdentity } from "../../../model/identity";
import { groups, layerPaths } from "../../../model/layers";
import { isMapping } from "../../../model/mapping";
import { isDnsLabel } from "../../../model/names";
import { mappingAt } from "../../tree/values/yaml";

/** Larger files are not read, because a person waits for the answer. */
const maxSize = 200_000;

/**
 * Dotted keys that the values of a component in a cluster may have, with the mappings above them: what its files and
 * its chart set, as far as that is in the tree. Quick rather than exact: `explain` computes the values themselves.
 */
export function keyNames(root: string | undefined, cluster: string, component: string): string[] {
  if (root === undefined || !isDnsLabel(cluster) || !isDnsLabel(component)) return [];
  const tree = new Directory(root);
  const read = (path: string) => ((tree.text(path)?.length ?? 0) > maxSize ? {} : mappingAt(tree, path));
  const { stage = "", ring, region = "" } = statedIdentity(read(clusterFile(cluster)));
  const inRing = ring !== undefined && isDnsLabel(ring) ? { ring } : {};
  const scope = { name: cluster, stage, ...inRing, region };
  const keys = new Set<string>();
  for (const group of groups) {
    const at = `gitops/${group}/${component}/stages/${stage}`;
    const ofRing = inRing.ring === undefined ? {} : read(`${at}/rings/${inRing.ring}/pin.yaml`);
    const pin = { ...read(`${at}/pin.yaml`), ...ofRing };
    if (pin.repo === undefined) {
      collect(read(`gitops/charts/${String(pin.chart)}/${String(pin.version)}/values.yaml`), "", keys);
    }
    // The keys of a pin are not set as values.
    for (const path of layerPaths(scope, { group, name: component }, { thirdParty: true })) {
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
