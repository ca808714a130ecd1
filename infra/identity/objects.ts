import { policyName, policySpec } from "../../model/admission/applications";
import { boundaryName, boundarySpec } from "../../model/admission/boundary";
import type { KubeObject } from "../cluster/api";
import type { Settings } from "../settings/settings";
import { scopeOf } from "./scope";

/** Both policies and their bindings, exactly as the API server stores them. */
export function policyObjects(settings: PolicySettings): KubeObject[] {
  return policyPairs(settings).flatMap(({ policy, binding }) => [policy, binding]);
}

type PolicySettings = Pick<Settings, "identity" | "repository" | "registrations">;

/** Each policy with its binding, and what their resources are called. */
export function policyPairs(settings: PolicySettings) {
  const specs = { [policyName]: policySpec(scopeOf(settings)), [boundaryName]: boundarySpec(settings.registrations) };
  return Object.entries(specs).map(([name, spec]) => {
    const object = { apiVersion: "admissionregistration.k8s.io/v1" as const, metadata: { name } };
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

/** A policy with what the API server adds to it, so that it can be compared with what is stored. */
function withDefaults({ matchConstraints, ...spec }: PolicySpec) {
  const resourceRules = matchConstraints.resourceRules.map((rule) => ({ scope: "*", ...rule }));
  return { ...spec, matchConstraints: { matchPolicy: "Equivalent", ...matchConstraints, resourceRules } };
}

interface PolicySpec {
  matchConstraints: { resourceRules: readonly object[] };
}
