import { policyName, policySpec, refusals } from "../../../model/admission/applications";
import type { Scope } from "../../../model/layers";
import { eventually } from "../support/eventually";
import type { Oracle } from "./oracle";

const metadata = { name: policyName };
const apiVersion = "admissionregistration.k8s.io/v1";

/** An Application of no cluster. */
const stranger = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  metadata: { name: "stranger", namespace: "argocd" },
  spec: { project: "default", destination: {}, source: { repoURL: "file:///nowhere", path: "." } },
};

/** Gives the cluster the admission policy that Pulumi would write for an identity, and waits until it bites. */
export async function become(oracle: Oracle, scope: Scope): Promise<void> {
  const binding = { policyName, validationActions: ["Deny", "Audit"] };
  await oracle.objects.apply([
    { apiVersion, kind: "ValidatingAdmissionPolicy", metadata, spec: policySpec(scope) },
    { apiVersion, kind: "ValidatingAdmissionPolicyBinding", metadata, spec: binding },
  ]);
  await strangerIs(oracle, refusals(scope).labels);
}

/** Takes the policy away: fixtures and random trees do what no component may. */
export async function leaveIdentity(oracle: Oracle): Promise<void> {
  await oracle.objects.remove("ValidatingAdmissionPolicyBinding", [{ metadata }]);
  await strangerIs(oracle, "yes");
}

function strangerIs(oracle: Oracle, expected: string): Promise<void> {
  const expectation = async () => {
    const answer = await oracle.objects.dryRun(stranger);
    return {
      holds: answer.includes(expected),
      message: `the answer to a strange Application should be ${expected}, is ${answer}`,
    };
  };
  return eventually(expectation, 30, 20);
}
