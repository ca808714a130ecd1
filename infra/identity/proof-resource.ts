import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../../model/errors";
import { argoCdApi } from "../../model/root";
import { clusterApi, type ClusterApi } from "../cluster/api";
import type { ResourceImplementation } from "../dynamic/implementation";
import { policyName } from "../../model/admission/applications";
import { boundaryCases } from "./boundary-cases";
import type { ClusterScope } from "../../model/admission/policy";
import { proofCases, type ProofCase } from "./proof-cases";

interface ProofInputs {
  /** Secret. */
  kubeconfig: string;
  scope: ClusterScope;
  /** Hash of the policies that are proven. */
  policy: string;
}

/** How long the proof waits for a fresh policy to become active, and between two tries, in milliseconds. */
export interface Patience {
  limit: number;
  interval: number;
}

const patience: Patience = { limit: 30_000, interval: 250 };

/**
 * Asks the API server, without storing anything, to create each object of the cases.
 * @throws UserError when a policy lets a forbidden one through, or refuses the allowed one, until the patience ends.
 */
export async function proveIdentity(
  api: ClusterApi,
  scope: ClusterScope,
  { limit, interval }: Patience = patience,
): Promise<void> {
  let waited = 0;
  for (;;) {
    const doubts = await unproven(api, scope);
    if (doubts.length === 0) return;
    if (waited >= limit) {
      throw new UserError(
        `the admission policies do not hold the cluster ${scope.name} to its identity after ${limit / 1000} s:\n${doubts.map((doubt) => `- ${doubt}`).join("\n")}\nlook at them with \`kubectl get validatingadmissionpolicies -o yaml\`; nothing was deployed by Argo CD yet`,
        { exitCode: 1 },
      );
    }
    await pause(interval);
    waited += interval;
  }
}

async function unproven(api: ClusterApi, scope: ClusterScope): Promise<string[]> {
  const cases = [...proofCases(scope), ...boundaryCases()];
  const doubts = await Promise.all(cases.map((proof) => doubt(api, proof)));
  return doubts.filter((text) => text !== undefined);
}

const applications = `${argoCdApi}/applications`;

async function doubt(api: ClusterApi, proof: ProofCase): Promise<string | undefined> {
  const { title, object, path = applications, as, policy = policyName, refusal } = proof;
  const { status, body } = await api.request("POST", `${path}?dryRun=All`, { body: object, ...(as ? { as } : {}) });
  const answer = `${status}${body.message ? ` ${body.message}` : ""}`;
  if (refusal === undefined) {
    return status === 201 ? undefined : `${title} should pass, but the answer is ${answer}`;
  }
  const refusedByUs = status >= 400 && body.message?.includes(`'${policy}'`) && body.message.includes(refusal);
  return refusedByUs ? undefined : `${title} should be refused with "${refusal}", but the answer is ${answer}`;
}

export const implementation: ResourceImplementation<ProofInputs, ProofInputs> = {
  async create(inputs) {
    await proveIdentity(clusterApi(inputs.kubeconfig), inputs.scope);
    return { id: inputs.scope.name, outs: inputs };
  },
  async update(_id, _olds, news) {
    await proveIdentity(clusterApi(news.kubeconfig), news.scope);
    return { outs: news };
  },
  // A new login reaches the same policy: it is stored, and proving it again costs nothing.
  diff: (_id, olds, news) => Promise.resolve({ changes: proven(olds) !== proven(news) }),
};

/** States of earlier versions have no scope; their policy is another one anyway. */
function proven({ kubeconfig, policy, scope }: Omit<ProofInputs, "scope"> & { scope?: ClusterScope }): string {
  return JSON.stringify([kubeconfig, policy, scope?.name, scope?.stage, scope?.ring, scope?.region]);
}
