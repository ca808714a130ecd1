import { refusals, requiredLabels } from "../../model/admission/applications";
import { accountPrefix, proofName, type ClusterScope } from "../../model/admission/policy";
import { deletionApproved } from "../../model/argocd";
import { argoCdNamespace, argoCdVersion, inClusterServer, platformProject } from "../../model/root";

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

/** What a case has instead of what an Application of the tree has; `helm` and `source` add to what that one has. */
interface Change {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  project?: string;
  destination?: object;
  source?: object;
  helm?: object;
  /** More of the spec. */
  spec?: object;
  sync?: object;
  status?: object;
}

/** One case or more for each rule, and one Application as the tree makes them. */
export function proofCases(scope: ClusterScope): ProofCase[] {
  const say = refusals(scope);
  const other = (name: string) => `other-than-${name}`.slice(0, 63);
  const files = (...valueFiles: string[]): Change => ({ helm: { valueFiles } });
  const own = `/gitops/addons/${proofName}`;
  const followed = { repoURL: scope.repoURL, targetRevision: scope.revision, path: "gitops/charts/proof/1.0.0" };
  const hydrated = { targetBranch: "hydrated", path: "proof" };
  const chart = {
    ...{ path: undefined, chart: "proof", targetRevision: "1.0.0" },
    repoURL: "https://charts.onebranch.invalid",
  };
  return [
    refused("the label of another stage", { labels: { "onebranch.dev/stage": other(scope.stage) } }, say.labels),
    refused("the label of another component", { labels: { "onebranch.dev/component": "other" } }, say.component),
    refused("another cluster as destination", { destination: { name: "elsewhere", namespace: "x" } }, say.destination),
    refused("the project default", { project: "default" }, say.project),
    refused("a hydrator", { spec: { sourceHydrator: { drySource: followed, syncSource: hydrated } } }, say.hydrator),
    refused("another branch", { source: { targetRevision: other(scope.revision) } }, say.repository),
    refused("another repository", { source: { repoURL: "https://onebranch.invalid/tree.git" } }, say.repository),
    refused("a chart repository for a team", { project: "team", source: chart }, say.chart),
    refused("a chart of an image", { source: { ...chart, repoURL: "oci://charts.onebranch.invalid/a" } }, say.chart),
    refused("the path of another cluster's values", { source: { path: "gitops/clusters/other/values" } }, say.path),
    refused("Kustomize's options for a chart", { source: { kustomize: { namePrefix: "x-" } } }, say.options),
    refused("the base of another component", built({}, { path: "gitops/addons/other/base/1.0.0" }), say.path),
    refused("Kustomize's patches", built({ patches: [{ patch: "kind: Secret" }] }), say.kustomize),
    refused("no overlay", built({ components: [] }), say.kustomize),
    refused("an overlay of another stage", overlay(`stages/${other(scope.stage)}`), say.overlays),
    refused("an overlay of another region", overlay(`regions/${other(scope.region)}`), say.overlays),
    refused(
      scope.ring === undefined ? "an overlay of a ring" : "an overlay of another ring",
      overlay(`stages/${scope.stage}/rings/${other(scope.ring ?? "none")}`),
      say.overlays,
    ),
    refused("another image under the name of one", built({ images: ["a=b:1"] }), say.images),
    refused("inline values", { helm: { values: "replicas: 0" } }, say.inline),
    refused("Helm parameters", { helm: { parameters: [{ name: "replicas", value: "0" }] } }, say.parameters),
    refused("the name of another cluster for a chart", fact("clusterName", other(scope.name)), say.parameters),
    refused("values in the name of a parameter", fact("replicas=0,clusterName", scope.name), say.parameters),
    refused("a release of another name", { helm: { releaseName: "other" } }, say.helm),
    scope.ring === undefined
      ? refused("the label of a ring", { labels: { "onebranch.dev/ring": "other" } }, say.labels)
      : refused("the label of another ring", { labels: { "onebranch.dev/ring": other(scope.ring) } }, say.labels),
    refused(
      scope.ring === undefined ? "a value file of a ring" : "a value file of another ring",
      files(`${own}/stages/${scope.stage}/rings/${other(scope.ring ?? "none")}/values.yaml`),
      say.files,
    ),
    refused("a value file of another region", files(`${own}/regions/${other(scope.region)}.yaml`), say.files),
    refused("a value file of another cluster", files(`/gitops/clusters/${other(scope.name)}/cluster.yaml`), say.files),
    refused("a value file reached with ../", files(`${own}/../${proofName}/values.yaml`), say.files),
    refused("an app in the platform's project", files(`/gitops/apps/${proofName}/values.yaml`), say.team),
    refused(
      "labels for its namespace",
      { spec: { syncPolicy: { managedNamespaceMetadata: { labels: {} } } } },
      say.namespace,
    ),
    refused("a sync of manifests", { sync: { manifests: ["kind: Secret"] } }, say.manifests),
    refused("a sync of another branch", { sync: { revision: other(scope.revision) } }, say.revision),
    refused("a status", { status: { sourceType: "Helm" } }, say.status),
    confirmed("a confirmation from Git", "argocd-applicationset-controller", say.confirmation),
    confirmed("a confirmation of a person", "argocd-server"),
    { title: "a fact of the cluster for a chart", object: application(fact("clusterName", scope.name)) },
    { title: "an Application as the tree makes them", object: application({}) },
    { title: "one that Kustomize builds", object: application(built({ images: ["registry.onebranch.invalid/a:1"] })) },
  ];

  function built(kustomize: object, source: object = {}): Change {
    const components = [`../../stages/${scope.stage}/overlay`];
    const path = `gitops/addons/${proofName}/base/1.0.0`;
    return { source: { path, helm: undefined, kustomize: { components, ...kustomize }, ...source } };
  }

  function overlay(of: string): Change {
    return built({ components: [`../../${of}/overlay`] });
  }

  function fact(name: string, value: string): Change {
    return { helm: { parameters: [{ name, value, forceString: true }] } };
  }

  function confirmed(title: string, user: string, refusal?: string): ProofCase {
    const object = application({ annotations: { [deletionApproved]: "2999-01-01T00:00:00Z" } });
    return { title, object, as: accountPrefix + user, ...(refusal ? { refusal } : {}) };
  }

  function refused(title: string, change: Change, refusal: string): ProofCase {
    return { title, object: application(change), refusal };
  }

  function application({
    labels,
    annotations,
    project,
    destination,
    source,
    helm,
    spec,
    sync,
    status,
  }: Change): object {
    return {
      apiVersion: argoCdVersion,
      kind: "Application",
      metadata: {
        name: proofName,
        namespace: argoCdNamespace,
        labels: { ...requiredLabels(scope, proofName), ...labels },
        ...(annotations && { annotations }),
      },
      spec: {
        project: project ?? platformProject,
        source: {
          ...followed,
          helm: { valueFiles: [`${own}/values.yaml`], ...helm },
          ...source,
        },
        destination: destination ?? { server: inClusterServer, namespace: proofName },
        ...spec,
      },
      ...(sync && { operation: { sync } }),
      ...(status && { status }),
    };
  }
}
