import { capabilityNames, type Capability } from "./capabilities";
import { domain, label, list, mapping, offering, oneOf, optional, required, text, type Fields } from "./fields";
import type { Mapping } from "./mapping";
import { providerNames, type ProviderName } from "./providers";

/** Kubernetes minor versions that a cluster may have: those that EKS, the Argo CD chart and the add-ons all support. */
export const kubernetesVersions = ["1.35", "1.36"] as const;

/** The facts of one cluster, from gitops/clusters/<cluster>/cluster.yaml. */
export interface Identity {
  name: string;
  stage: string;
  /** One of the rings of its stage; a stage without rings has none. */
  ring?: string;
  region: string;
  provider: ProviderName;
  /** Minor version, such as "1.36". */
  kubernetesVersion: string;
  domain: string;
  /** The account of the cloud that the cluster is in, where one has a number. */
  account?: string;
  /** Always contains "base". */
  capabilities: Capability[];
  compliance: string[];
}

/** The keys of cluster.yaml. All of them are also Helm values of gitops/bootstrap. */
const identityFields: Fields<Identity> = {
  name: required(label, "The cluster's name; its directory and its stack are named the same."),
  stage: required(label, "A stage: a file gitops/stages/<stage>.yaml."),
  ring: optional(label, "A ring of the stage; required where gitops/stages/<stage>.yaml lists rings."),
  region: required(label, "A region: a file gitops/regions/<region>.yaml."),
  provider: required(oneOf(providerNames, "unknown-provider"), "Where the cluster comes from."),
  kubernetesVersion: required(
    text("a Kubernetes version in quotes", (version) => offering(version, kubernetesVersions), "kubernetes-version"),
    "Kubernetes minor version, in quotes.",
  ),
  domain: required(domain, "DNS name under which the cluster's services live."),
  account: optional(
    text("12 digits in quotes", (account) =>
      isAccount(account) ? undefined : "use the 12 digits of an account of AWS",
    ),
    "Account of AWS that the cluster is in; pins may hand it to charts.",
  ),
  capabilities: required(
    list(oneOf(capabilityNames, "unknown-capability")),
    "What the cluster can do; base is always included.",
  ),
  compliance: required(list(label), "Rules that the cluster must follow; at least those of its region."),
};

/** Whether a text is the number of an account of AWS. */
export function isAccount(text: string): boolean {
  return /^\d{12}$/.test(text);
}

export const identityShape = mapping<Identity>(identityFields);

/** The file with the facts of a cluster. */
export function clusterFile(cluster: string): string {
  return `gitops/clusters/${cluster}/cluster.yaml`;
}

/** The cluster whose facts are in a file; undefined for any other file. */
export function clusterOfFile(path: string): string | undefined {
  return /^gitops\/clusters\/([^/]+)\/cluster\.yaml$/.exec(path)?.[1];
}

const textKeys = ["name", "stage", "ring", "region", "provider", "kubernetesVersion", "domain", "account"] as const;
const listKeys = ["capabilities", "compliance"] as const;

/**
 * What a cluster.yaml says, as far as it is text or a list; whether it may say that is for `readTree` to judge. For those who show
 * or expand a cluster whose file may have faults.
 */
export function statedIdentity(file: Mapping): Partial<Identity> {
  const texts = textKeys.filter((key) => typeof file[key] === "string");
  const lists = listKeys.filter((key) => Array.isArray(file[key]));
  return Object.fromEntries([...texts, ...lists].map((key) => [key, file[key]]));
}
