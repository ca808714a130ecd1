import { clusterScope } from "../../model/admission/policy";
import type { Identity } from "../../model/identity";
import { effectiveCapabilities, type ProviderName } from "../../model/providers";
import {
  appliedAnnotations,
  argoCdNamespace,
  argoCdVersion,
  bootstrapProject,
  clusterFacts,
  inClusterServer,
  rootSet,
  rootSpec,
  type DeletionPolicy,
  type Follow,
} from "../../model/root";
import type { ClusterInput } from "./renderer/types";

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
    projects: [bootstrapProject, "default"],
    scope: clusterScope(identity, follow),
    secrets: [
      { name: identity.name, server: inClusterServer, labels, annotations: { ...appliedAnnotations, ...annotations } },
    ],
    roots: [
      {
        apiVersion: argoCdVersion,
        kind: "ApplicationSet",
        metadata: { name: rootSet, namespace: argoCdNamespace, annotations: appliedAnnotations },
        // The commit differs in every plan and decides nothing about what is made.
        spec: rootSpec(real, stage, ""),
      },
    ],
  };
}
