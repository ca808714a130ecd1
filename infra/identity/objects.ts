import { policyName, policySpec } from "../../model/admission/applications";
import { boundaryName, boundarySpec } from "../../model/admission/boundary";
import { askingPolicy, waitingPolicy } from "../../model/admission/confirmation";
import { namespacesName, namespacesSpec } from "../../model/admission/namespaces";
import { asksBeforeRemoval } from "../../model/argocd";
import type { KubeObject } from "../cluster/api";
import type { Settings } from "../settings/settings";
import { scopeOf } from "./scope";

/** Every policy and its binding, exactly as the API server stores them. */
export function policyObjects(settings: PolicySettings): KubeObject[] {
  return [...policyPairs(settings), ...askingPairs(settings)].flatMap(({ policy, binding }) => [policy, binding]);
}

type PolicySettings = Pick<Settings, "identity" | "repository" | "registrations" | "stage">;

const group = "admissionregistration.k8s.io/v1" as const;

/** Each policy that refuses, with its binding, and the names of both in Pulumi. */
export function policyPairs(settings: PolicySettings) {
  const specs = {
    [policyName]: policySpec(scopeOf(settings)),
    [boundaryName]: boundarySpec(settings.registrations),
    [namespacesName]: namespacesSpec,
  };
  return Object.entries(specs).map(([name, spec]) => {
    const object = { apiVersion: group, metadata: { name } };
    return {
      resource: name.replace(/^onebranch-/, ""),
      policy: { ...object, kind: "ValidatingAdmissionPolicy" as const, spec: withDefaults(spec) },
      binding: {
        ...object,
        kind: "ValidatingAdmissionPolicyBinding" as const,
        spec: { policyName: name, validationActions: ["Deny", "Audit"] },
      },
    };
  });
}

/** The policies that make Argo CD ask before it removes objects that hold data, where the stage says so. */
export function askingPairs({ stage, identity }: Pick<PolicySettings, "stage" | "identity">) {
  if (!asksBeforeRemoval(stage, identity.kubernetesVersion)) return [];
  return [
    { resource: "confirm-prune", policy: askingPolicy },
    { resource: "end-waiting", policy: waitingPolicy },
  ].map(({ resource, policy: { name, spec } }) => {
    const object = { apiVersion: group, metadata: { name } };
    return {
      resource,
      policy: { ...object, kind: "MutatingAdmissionPolicy" as const, spec: withDefaults(spec) },
      binding: { ...object, kind: "MutatingAdmissionPolicyBinding" as const, spec: { policyName: name } },
    };
  });
}

/** A policy with what the API server adds to it, so that it can be compared with what is stored. */
function withDefaults<T extends PolicySpec>({ matchConstraints, ...spec }: T) {
  const resourceRules = matchConstraints.resourceRules.map((rule) => ({ scope: "*", ...rule }));
  return { ...spec, matchConstraints: { matchPolicy: "Equivalent", ...matchConstraints, resourceRules } };
}

interface PolicySpec {
  matchConstraints: { resourceRules: readonly object[] };
}
