import { createHash } from "node:crypto";
import { policyObjects } from "../../../infra/identity/objects";
import { identity, tree } from "./source";
import type { Registered } from "./record";

/** What the resources of one provider have in common. */
export interface Expectation {
  preview: boolean;
  provider: "embedded" | "kind" | "existing";
  capabilities: string[];
  repoURL: string;
  pollSeconds: string;
  /** Name of the resource that everything inside the cluster goes with; empty: nothing. */
  deletedWith: string;
  /** What the cluster consists of: everything inside waits for it. */
  cluster: string[];
}

/** The kubeconfig that the recorded cluster gives, and what the Kubernetes provider tells clusters apart by. */
export const recordedKubeconfig = JSON.stringify({
  "current-context": "c",
  contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
  clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1", "certificate-authority-data": "Q0E=" } }],
});
export const recordedIdentifier = createHash("sha256").update("Q0E=").digest("hex").slice(0, 16);

/**
 * Every Kubernetes object is applied under one name, so that a repeated creation is not a conflict; a Helm release is not applied
 * this way.
 */
const applied = /^kubernetes:(?!helm\.sh\/)/;

export function resource(type: string, name: string, rest: Partial<Registered>): Registered {
  const inputs = (rest.inputs ?? {}) as { metadata?: { annotations?: Record<string, string> } };
  if (applied.test(type)) {
    const annotations = {
      ...inputs.metadata?.annotations,
      "pulumi.com/patchFieldManager": "onebranch",
      "pulumi.com/patchForce": "true",
    };
    rest = { ...rest, inputs: { ...inputs, metadata: { ...inputs.metadata, annotations } } };
  }
  return {
    type,
    name,
    parent: "onebranch-dev",
    provider: "",
    deletedWith: "",
    dependsOn: [],
    inputs: {},
    secrets: [],
    secretOutputs: [],
    options: {},
    ...rest,
  };
}

/** A value that only an `up` knows. */
export function later(expectation: Expectation, value: unknown): unknown {
  return expectation.preview ? "<unknown>" : value;
}

export function inside(expectation: Expectation, dependsOn: string[] = []): Partial<Registered> {
  // Waiting for a resource of ours inside the cluster also waits for the provider it came through.
  return {
    provider: "kubernetes",
    deletedWith: expectation.deletedWith,
    dependsOn: [...expectation.cluster, ...dependsOn].sort(),
  };
}

export function password(name: string): Registered {
  return resource("random:index/randomPassword:RandomPassword", name, {
    inputs: { length: 32, special: false },
    secretOutputs: ["bcryptHash", "result"],
  });
}

const place = { name: "dev", stage: "dev", region: "us-east-1" };

/** Both policies, which come before everything that writes for Git. */
export const policyResources = ["boundary", "identity", "namespaces"].flatMap((name) => [
  `${name}-binding`,
  `${name}-policy`,
]);

/** The identity, its policies and their proof. */
export function identityResources(expectation: Expectation, argoCd: string): Registered[] {
  const scope = { ...place, domain: "dev.us.example.org", repoURL: expectation.repoURL, revision: "main" };
  const policies = policyObjects({
    identity: { ...identity({}), ...place },
    repository: { url: scope.repoURL, revision: scope.revision, isCheckout: true },
    registrations: ["metrics-server/v1beta1.metrics.k8s.io"],
    stage: tree().stages.get("dev")!,
  });
  const { dependsOn, deletedWith } = inside(expectation, [...policyResources, argoCd]);
  return [
    resource("kubernetes:core/v1:ConfigMap", "cluster-identity", {
      ...inside(expectation),
      inputs: {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "cluster-identity", namespace: "kube-system" },
        immutable: true,
        data: {
          stack: "dev",
          ...place,
          provider: expectation.provider,
          kubernetesVersion: "1.36",
          domain: "dev.us.example.org",
          capabilities: expectation.capabilities.join(","),
          compliance: "",
        },
      },
      options: { deleteBeforeReplace: true, replaceOnChanges: ["data"] },
    }),
    ...policies.map((object) => {
      const isBinding = object.kind!.endsWith("Binding");
      const name = object.metadata!.name!.replace("onebranch-", "");
      return resource(`kubernetes:${object.apiVersion}:${object.kind}`, `${name}-${isBinding ? "binding" : "policy"}`, {
        ...inside(expectation, isBinding ? [`${name}-policy`] : []),
        inputs: { ...object },
      });
    }),
    resource("pulumi-nodejs:onebranch:IdentityProof", "identity-proof", {
      dependsOn: dependsOn ?? [],
      deletedWith: deletedWith ?? "",
      inputs: {
        kubeconfig: later(expectation, recordedKubeconfig),
        scope,
        policy: createHash("sha256").update(JSON.stringify(policies)).digest("hex"),
      },
      secrets: ["kubeconfig"],
    }),
  ];
}
