import { argoCdConfig } from "../../../infra/argocd/config";
import { gitFiles } from "../../../infra/argocd/git-config";
import { operationValues } from "../../../infra/argocd/operation";
import { chartValues } from "../../../infra/argocd/values";
import type { Settings } from "../../../infra/settings/settings";
import {
  inside,
  later,
  policyResources,
  recordedIdentifier,
  recordedKubeconfig,
  resource,
  type Expectation,
} from "./expected";
import type { Registered } from "./record";
import { sharedKubeconfig } from "./source";

export function kubernetesProvider(expectation: Expectation): Registered {
  return resource("pulumi:providers:kubernetes", "kubernetes", {
    deletedWith: expectation.deletedWith,
    dependsOn: expectation.deletedWith === "" ? [] : [expectation.deletedWith],
    inputs: {
      kubeconfig: later(expectation, recordedKubeconfig),
      clusterIdentifier: later(expectation, recordedIdentifier),
      deleteUnreachable: "true",
      enableSecretMutable: "true",
    },
    secrets: ["kubeconfig"],
  });
}

/** What the official chart needs around it. */
export function charted(expectation: Expectation, settings: Settings): Registered[] {
  const before = policyResources;
  const secret = (name: string, rest: Partial<Registered>) =>
    resource("kubernetes:core/v1:Secret", name, {
      secrets: ["stringData"],
      secretOutputs: ["data", "stringData"],
      ...rest,
    });
  const { dependsOn = [] } = inside(expectation, before);
  const isKind = expectation.provider === "kind";
  const url = isKind ? "https://127.0.0.1:18730" : "https://localhost:8443";
  return [
    resource("pulumi-nodejs:onebranch:ReleaseGuard", "argocd-guard", {
      deletedWith: expectation.deletedWith,
      dependsOn,
      inputs: {
        kubeconfig: later(expectation, expectation.provider === "existing" ? sharedKubeconfig : recordedKubeconfig),
        stack: "dev",
        release: "argocd",
        namespace: "argocd",
      },
      secrets: ["kubeconfig"],
    }),
    resource("kubernetes:core/v1:Namespace", "argocd-namespace", {
      ...inside(expectation, [...before, "argocd-guard"]),
      inputs: {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "argocd", labels: { "onebranch.dev/cluster": "dev" } },
      },
    }),
    secret("argocd-redis", {
      ...inside(expectation, ["argocd-namespace", "redis-password"]),
      inputs: {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "argocd-redis", namespace: "argocd" },
        stringData: later(expectation, { auth: "generated" }),
      },
    }),
    secret("argocd-secret", {
      ...inside(expectation, ["argocd-namespace", "webhook-secret"]),
      inputs: {
        apiVersion: "v1",
        kind: "Secret",
        metadata: {
          name: "argocd-secret",
          namespace: "argocd",
          labels: { "app.kubernetes.io/name": "argocd-secret", "app.kubernetes.io/part-of": "argocd" },
        },
        stringData: later(expectation, {
          "webhook.github.secret": "generated",
          "webhook.gitlab.secret": "generated",
          "webhook.gogs.secret": "generated",
          "webhook.bitbucket.uuid": "generated",
          "webhook.bitbucketserver.secret": "generated",
          "webhook.azuredevops.username": "onebranch",
          "webhook.azuredevops.password": "generated",
        }),
      },
    }),
    resource("kubernetes:core/v1:ConfigMap", "argocd-gitconfig", {
      ...inside(expectation, ["argocd-namespace"]),
      inputs: {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "onebranch-gitconfig", namespace: "argocd" },
        data: gitFiles("/etc/onebranch"),
      },
    }),
    resource("kubernetes:helm.sh/v3:Release", "argocd", {
      ...inside(expectation, [...before, "argocd-guard", "argocd-redis", "argocd-secret", "argocd-gitconfig"]),
      inputs: {
        compat: "true",
        name: "argocd",
        namespace: "argocd",
        chart: "argo-cd",
        version: "10.10.2",
        repositoryOpts: { repo: "https://argoproj.github.io/argo-helm" },
        values: chartValues(
          argoCdConfig(settings.pollSeconds, url),
          settings.argocd,
          isKind ? { nodePort: 30443, checkout: "/repo" } : {},
          operationValues(settings, { url }),
        ),
        timeout: 600,
        waitForJobs: true,
        maxHistory: 3,
      },
      options: {
        ...(isKind ? {} : { retainOnDelete: true }),
        customTimeouts: { create: "15m", update: "15m", pb_delete: "10m", read: "" },
      },
    }),
  ];
}
