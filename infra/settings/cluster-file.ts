import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import type { Identity } from "../../model/identity";
import type { Fault, Faults } from "./faults";
import type { Finding } from "../../model/findings";
import type { ReadFile } from "./file";

interface Source {
  identity: Identity;
  faults: Faults;
  read: ReadFile;
}

/** Reports a fault of a cluster.yaml, at the line of the key that it is about. */
function reportClusterKey(
  { identity, faults, read }: Source,
  key: keyof Identity,
  rule: Finding["rule"],
  fault: Fault,
) {
  const file = `gitops/clusters/${identity.name}/cluster.yaml`;
  faults.at(file, lineOfKey(read(file), key), rule, fault);
}

/**
 * Reports a Kubernetes version that the provider does not have.
 * @param otherwise what else helps, as the end of the sentence
 */
export function checkKubernetesVersion(
  source: Source & { name: string },
  possible: readonly string[],
  otherwise = "",
): void {
  const { kubernetesVersion } = source.identity;
  if (possible.includes(kubernetesVersion)) return;
  reportClusterKey(source, "kubernetesVersion", "setting-kubernetes-version", {
    message: `kubernetesVersion is ${kubernetesVersion}, which the provider ${source.name} cannot give`,
    fix: `use ${possible.join(" or ")}${otherwise}`,
  });
}

/** Line of a top-level key; 1 when it is not there. */
function lineOfKey(text: string | undefined, key: string): number {
  if (text === undefined) return 1;
  const lines = new LineCounter();
  const contents = parseDocument(text, { lineCounter: lines }).contents;
  if (!isMap(contents)) return 1;
  const pair = contents.items.find((item) => isScalar(item.key) && item.key.value === key);
  return isScalar(pair?.key) ? lines.linePos(pair.key.range?.[0] ?? 0).line : 1;
}
