import { inClusterServer } from "../../model/root";
import { refusals } from "../../model/admission/applications";
import type { Scope } from "../../model/layers";

/** An object that a policy must refuse with exactly this message, or let through. */
export interface ProofCase {
  /** What is wrong with it, for messages. */
  title: string;
  object: object;
  /** The collection that it would be created in. Default: the Applications of Argo CD. */
  path?: string;
  /** The user that asks. Default: the administrator. */
  as?: string;
  /** The policy that must refuse it. Default: the one of the identity. */
  policy?: string;
  /** Absent: it must pass. */
  refusal?: string;
}

/** Name of the Application of the proof; it is never stored. */
export const proofName = "onebranch-proof";

interface Change {
  labels?: Record<string, string>;
  project?: string;
  destination?: object;
  helm?: object;
}

/** One case for each rule that the API server is asked about, and one Application as the tree makes them. */
export function proofCases(scope: Scope): ProofCase[] {
  const say = refusals(scope);
  const other = (name: string) => `other-than-${name}`.slice(0, 63);
  const file = (path: string) => ({ helm: { valueFiles: [path] } });
  const own = `/gitops/addons/${proofName}`;
  return [
    refused("the label of another stage", { labels: { "onebranch.dev/stage": other(scope.stage) } }, say.labels),
    refused("a value file of another region", file(`${own}/regions/${other(scope.region)}.yaml`), say.files),
    refused("a value file of another cluster", file(`/gitops/clusters/${other(scope.name)}/cluster.yaml`), say.files),
    refused("a value file reached with ../", file(`${own}/../${proofName}/values.yaml`), say.files),
    refused("inline values", { helm: { values: "replicas: 0" } }, say.inline),
    refused("Helm parameters", { helm: { parameters: [{ name: "replicas", value: "0" }] } }, say.parameters),
    refused("the project default", { project: "default" }, say.project),
    refused("another cluster as destination", { destination: { name: "elsewhere", namespace: "x" } }, say.destination),
    {
      title: "an Application as the tree makes them",
      object: application(file(`${own}/values.yaml`)),
    },
  ];

  function refused(title: string, change: Change, refusal: string): ProofCase {
    return { title, object: application(change), refusal };
  }

  function application(change: Change): object {
    return {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: {
        name: proofName,
        namespace: "argocd",
        labels: {
          "onebranch.dev/stage": scope.stage,
          "onebranch.dev/region": scope.region,
          "onebranch.dev/cluster": scope.name,
          "onebranch.dev/component": proofName,
          ...change.labels,
        },
      },
      spec: {
        project: change.project ?? "platform",
        source: {
          repoURL: "https://onebranch.invalid/tree.git",
          path: "gitops/charts",
          targetRevision: "HEAD",
          ...(change.helm ? { helm: change.helm } : {}),
        },
        destination: change.destination ?? { server: inClusterServer, namespace: proofName },
      },
    };
  }
}
