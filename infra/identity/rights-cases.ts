import { applicationController } from "../../model/admission/boundary";
import { namespacesMessages, namespacesName } from "../../model/admission/namespaces";
import { proofName } from "../../model/admission/policy";
import type { ProofCase } from "./proof-cases";

const group = "rbac.authorization.k8s.io";

function asController(title: string, resource: string, object: object, refusal?: string): ProofCase {
  return {
    ...{ title, path: `/apis/${group}/v1/namespaces/default/${resource}`, object },
    ...{ as: applicationController, policy: namespacesName, ...(refusal ? { refusal } : {}) },
  };
}

const metadata = { name: proofName, namespace: "default" };

function role(title: string, rule: object, refusal?: string): ProofCase {
  const rules = [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"], ...rule }];
  return asController(title, "roles", { apiVersion: `${group}/v1`, kind: "Role", metadata, rules }, refusal);
}

function binding(title: string, name: string, refusal?: string): ProofCase {
  const roleRef = { apiGroup: group, kind: "ClusterRole", name };
  const subjects = [{ apiGroup: group, kind: "Group", name: proofName }];
  const object = { apiVersion: `${group}/v1`, kind: "RoleBinding", metadata, roleRef, subjects };
  return asController(title, "rolebindings", object, refusal);
}

/** What an Application of a team must not give anybody in a namespace of the team, and what it may. */
export function rightsCases(): ProofCase[] {
  const say = namespacesMessages;
  return [
    binding("a team's RoleBinding to cluster-admin", "cluster-admin", say.binding),
    role("a team's Role for every resource", { resources: ["*"] }, say.patterns),
    role("a team's Role that may bind", { verbs: ["bind"] }, say.leading),
    role("a team's Role that writes quotas", { resources: ["resourcequotas"], verbs: ["patch"] }, say.limiting),
    binding("a team's RoleBinding to view", "view"),
    role("a team's Role that writes ConfigMaps", { verbs: ["get", "update"] }),
  ];
}
