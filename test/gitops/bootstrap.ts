import { capabilityNames } from "../../model/capabilities";
import type { Identity } from "../../model/identity";
import { effectiveCapabilities, type ProviderName } from "../../model/providers";
import type { Rendering } from "./helm";

export const repoURL = "file:///somewhere/onebranch";
export const commit = "1234567890123456789012345678901234567890";

/** The value files and parameters that the root Application has. */
export function rendering(root: string, identity: Identity, provider: ProviderName) {
  const capabilities = effectiveCapabilities(identity, provider);
  const lists = `capabilities={${capabilities.join(",")}},knownCapabilities={${capabilityNames.join(",")}}`;
  return {
    root,
    release: "bootstrap",
    chart: "gitops/bootstrap",
    files: [`gitops/clusters/${identity.name}/cluster.yaml`, `gitops/stages/${identity.stage}.yaml`],
    more: [
      ...["--set-string", `repoURL=${repoURL},targetRevision=main,provider=${provider},commit=${commit}`],
      ...["--set", `pollSeconds=7,${lists}`],
    ],
  } satisfies Rendering;
}

