import { YamlFile } from "../../model/document";
import { clusterFile, type Identity } from "../../model/identity";
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
  const path = clusterFile(identity.name);
  const file = new YamlFile(path, read(path) ?? "");
  faults.at(path, file.line(file.valueOf(key)), rule, fault);
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
