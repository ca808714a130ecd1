import type { Identity } from "../../model/identity";
import { effectiveCapabilities, type ProviderName } from "../../model/providers";
import {
  argoCdNamespace,
  clusterFacts,
  inClusterServer,
  rootSpec,
  type DeletionPolicy,
  type Follow,
} from "../../model/root";
import type { ClusterInput } from "./renderer/types";

/** Pulumi applies every object under this name. */
const applied = { "pulumi.com/patchFieldManager": "onebranch" };

/** What Pulumi's program writes into a cluster for Argo CD to start from. */
export function clusterInput(
  identity: Identity,
  stage: DeletionPolicy,
  follow: Follow,
  provider: ProviderName = identity.provider,
): ClusterInput {
  const real = { ...identity, provider, capabilities: effectiveCapabilities(identity, provider) };
  const { labels, annotations } = clusterFacts(real, follow);
  return {
    name: identity.name,
    kubeVersion: identity.kubernetesVersion,
    projects: ["bootstrap", "default"],
    scope: { name: identity.name, stage: identity.stage, region: identity.region },
    secrets: [{ name: identity.name, server: inClusterServer, labels, annotations: { ...applied, ...annotations } }],
    roots: [
      {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "ApplicationSet",
        metadata: { name: "root", namespace: argoCdNamespace, annotations: applied },
        // The commit differs in every plan and decides nothing about what is made.
        spec: rootSpec(real, stage, ""),
      },
    ],
  };
}
