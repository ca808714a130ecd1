import * as pulumi from "@pulumi/pulumi";
import { secretsNamespace, stageSecrets } from "../../model/stage-secrets";
import type { StageSecrets } from "../settings/stage-secrets";

const metadata = { name: stageSecrets, namespace: secretsNamespace };
const rbac = "rbac.authorization.k8s.io";

/** The secrets of a stack in its cluster, and the login that may read them and nothing else. */
export function secretObjects(secrets: StageSecrets) {
  return {
    namespace: { apiVersion: "v1" as const, kind: "Namespace" as const, metadata: { name: secretsNamespace } },
    secret: {
      ...{ apiVersion: "v1" as const, kind: "Secret" as const, metadata },
      // An empty one is never stored, so that each run would write it again.
      ...(Object.keys(secrets).length > 0 && { stringData: pulumi.secret({ ...secrets }) }),
    },
    account: {
      ...{ apiVersion: "v1" as const, kind: "ServiceAccount" as const, metadata },
      automountServiceAccountToken: false,
    },
    role: {
      ...{ apiVersion: `${rbac}/v1` as const, kind: "Role" as const, metadata },
      rules: [{ apiGroups: [""], resources: ["secrets"], resourceNames: [stageSecrets], verbs: ["get"] }],
    },
    binding: {
      ...{ apiVersion: `${rbac}/v1` as const, kind: "RoleBinding" as const, metadata },
      roleRef: { apiGroup: rbac, kind: "Role", name: stageSecrets },
      subjects: [{ kind: "ServiceAccount", name: stageSecrets, namespace: secretsNamespace }],
    },
  };
}
