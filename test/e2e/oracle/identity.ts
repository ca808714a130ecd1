import { policyName, policySpec, refusals, type Place } from "../../../model/admission";
import { eventually } from "../support/eventually";
import type { Oracle } from "./oracle";

/** Gives the cluster the admission policy that Pulumi would write for an identity, and waits until it bites. */
export async function become(oracle: Oracle, place: Place): Promise<void> {
  const metadata = { name: policyName };
  const apiVersion = "admissionregistration.k8s.io/v1";
  await oracle.objects.apply([{ apiVersion, kind: "ValidatingAdmissionPolicy", metadata, spec: policySpec(place) }]);
  const stranger = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "stranger", namespace: "argocd" },
    spec: { project: "default", destination: {}, source: { repoURL: "file:///nowhere", path: "." } },
  };
  await eventually(
    async () => {
      const answer = await oracle.objects.dryRun(stranger);
      return {
        holds: answer.includes(refusals(place).labels),
        message: `a strange Application should be refused as one of another cluster than ${place.name}, the answer is ${answer}`,
      };
    },
    30,
    20,
  );
}

/** Takes the policy away: fixtures and random trees do what no component may. */
export function leaveIdentity({ objects }: Oracle): Promise<void> {
  return objects.remove("ValidatingAdmissionPolicyBinding", [{ metadata: { name: policyName } }]);
}
