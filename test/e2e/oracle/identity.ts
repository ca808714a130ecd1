import { policyName, policySpec, refusals, requiredLabels } from "../../../model/admission/applications";
import type { ClusterScope } from "../../../model/admission/policy";
import { inClusterServer } from "../../../model/root";
import { eventually } from "../support/eventually";
import type { Oracle } from "./oracle";

const metadata = { name: policyName };
const apiVersion = "admissionregistration.k8s.io/v1";

/** An Application of the cluster that follows another repository. */
const strangerIn = (scope: ClusterScope) => ({
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  metadata: { name: "stranger", namespace: "argocd", labels: requiredLabels(scope, "stranger") },
  spec: {
    project: "strange",
    destination: { server: inClusterServer },
    source: { repoURL: "file:///nowhere", path: "." },
  },
});

/** Gives the cluster the admission policy that Pulumi would write for an identity, and waits until it bites. */
export async function become(oracle: Oracle, scope: ClusterScope): Promise<void> {
  const binding = { policyName, validationActions: ["Deny", "Audit"] };
  await oracle.objects.apply([
    { apiVersion, kind: "ValidatingAdmissionPolicy", metadata, spec: policySpec(scope) },
    { apiVersion, kind: "ValidatingAdmissionPolicyBinding", metadata, spec: binding },
  ]);
  await strangerIs(oracle, scope, refusals(scope).repository);
}

/** Takes the policy away: fixtures and random trees do what no component may. */
export async function leaveIdentity(oracle: Oracle, scope: ClusterScope): Promise<void> {
  await oracle.objects.remove("ValidatingAdmissionPolicyBinding", [{ metadata }]);
  await strangerIs(oracle, scope, "yes");
}

function strangerIs(oracle: Oracle, scope: ClusterScope, expected: string): Promise<void> {
  const expectation = async () => {
    const answer = await oracle.objects.dryRun(strangerIn(scope));
    return {
      holds: answer.includes(expected),
      message: `the answer to a strange Application should be ${expected}, is ${answer}`,
    };
  };
  return eventually(expectation, 30, 20);
}
