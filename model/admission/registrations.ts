import { isMap, isScalar, type Node, type Pair } from "yaml";
import type { YamlFile } from "../document";
import { label, list, text } from "../fields";
import { bootstrapValues } from "../teams";
import type { TreeSource } from "../tree-source";

/** Such as cert-manager-webhook or v1beta1.metrics.k8s.io; also safe inside an expression. */
const objectName = text("the name of an object", (value) =>
  /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(value) ? undefined : "use the name that the add-on's chart gives the object",
);
const objectNames = list(objectName);

/**
 * The webhook configurations and API services that add-ons may make, as `add-on/name`: `platform.registrations` of the bootstrap
 * chart's values. Only what is right is returned; faults become findings of the file.
 */
export function readRegistrations(source: TreeSource): { file?: YamlFile; registrations: string[] } {
  const file = source.yaml(bootstrapValues);
  if (!file?.root) return { registrations: [] };
  const node = valueAt(file, valueAt(file, file.root, "platform"), "registrations");
  if (node === null) return { file, registrations: [] };
  if (!isMap(node)) {
    file.report(
      "wrong-type",
      node,
      "platform.registrations is not a mapping",
      "write add-ons, each with a list of names",
    );
    return { file, registrations: [] };
  }
  const registrations = (node.items as Pair<Node, Node>[]).flatMap(({ key, value }) => {
    const addOn = label.read(file, key, "platform.registrations");
    const names = file.resolve(value) ?? key;
    return (objectNames.read(file, names, `platform.registrations.${addOn ?? "?"}`) ?? []).flatMap((name) =>
      addOn === undefined ? [] : [`${addOn}/${name}`],
    );
  });
  return { file, registrations };
}

function valueAt(file: YamlFile, node: Node | null, key: string): Node | null {
  if (!isMap(node)) return null;
  const pair = (node.items as Pair<Node, Node>[]).find((item) => isScalar(item.key) && item.key.value === key);
  return file.resolve(pair?.value);
}
