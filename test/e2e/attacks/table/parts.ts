import { scopeLabels } from "../../../../model/admission/applications";
import { inClusterServer } from "../../../../model/root";
import type { Tree } from "../tree";

/** What the identity policy says in front of its reason. */
export const byIdentity = /ValidatingAdmissionPolicy 'onebranch-identity'/;
/** The same of the policy that guards what Pulumi owns. */
export const byBoundary = /ValidatingAdmissionPolicy .onebranch-boundary/;
export const byProject = /permitted in project|do not match any of the allowed destinations in project/;

export function configMap(name: string, data: object, namespace?: string): object {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...(namespace && { namespace }) }, data };
}

export function clusterAdmin(name: string, subject: object): object {
  return {
    ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRoleBinding", metadata: { name } },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [subject],
  };
}

/** A binding of the identity policy that matches nothing. */
export const emptyBinding = {
  ...{ apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingAdmissionPolicyBinding" },
  metadata: { name: "onebranch-identity" },
  spec: {
    ...{ policyName: "onebranch-identity", validationActions: ["Deny", "Audit"] },
    matchResources: { namespaceSelector: { matchLabels: { nothing: "has this" } } },
  },
};

export const dev = { name: "dev", stage: "dev", region: "us-east-1" };

/** What an Application has instead of what the tree gives it. */
export interface Deployed {
  labels?: object;
  annotations?: object;
  project?: string;
  source?: object;
  destination?: object;
  spec?: object;
}

/** An Application of dev as the tree makes them, but for what is given. `HERE` is the repository. */
export function application(
  name: string,
  { labels, annotations, project, source, destination, spec }: Deployed,
): object {
  return {
    ...{ apiVersion: "argoproj.io/v1alpha1", kind: "Application" },
    metadata: {
      ...{ name, namespace: "argocd" },
      labels: { ...scopeLabels(dev), "onebranch.dev/component": name, ...labels },
      ...(annotations && { annotations }),
    },
    spec: {
      project: project ?? "commerce",
      source: {
        ...{ repoURL: "HERE", targetRevision: "main", path: `gitops/charts/${name}/1.0.0` },
        helm: { valueFiles: [`/gitops/apps/${name}/values.yaml`] },
        ...source,
      },
      destination: destination ?? { server: inClusterServer, namespace: "orders" },
      ...spec,
    },
  };
}

/** A template of the bootstrap chart, for dev alone. */
export function inDev(tree: Tree, name: string, content: string | object): void {
  const text = typeof content === "string" ? content : JSON.stringify(content, undefined, 2);
  tree.write(`gitops/bootstrap/templates/${name}.yaml`, `{{ if eq .Values.stage "dev" }}\n${text}\n{{ end }}\n`);
}

/** Generates once. */
const one = {
  list: { elements: [{ one: "1" }], template: { metadata: {}, spec: { destination: {}, project: "" } } },
};

/**
 * A template of the bootstrap chart with an ApplicationSet of its own, for dev alone, that makes one Application. The set's name is
 * the Application's.
 */
export function ownSet(tree: Tree, name: string, deployed: Deployed, generator: object = one): void {
  const { apiVersion, ...template } = application(name, deployed) as {
    apiVersion: string;
    metadata: object;
    spec: object;
  };
  const set = {
    ...{ apiVersion, kind: "ApplicationSet", metadata: { name, namespace: "argocd" } },
    spec: {
      goTemplate: true,
      generators: [generator],
      template: { metadata: { ...template.metadata, namespace: undefined }, spec: template.spec },
    },
  };
  inDev(tree, name, JSON.stringify(set, undefined, 2).replaceAll('"HERE"', "{{ .Values.repoURL | quote }}"));
  tree.chart(name, "1.0.0", configMap(name, { replicas: "{{ .Values.replicas | quote }}" }));
}
