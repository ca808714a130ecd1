import type { RequestAttempt } from "../request";
import { application, byIdentity } from "./parts";

const collection = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications";

/** A change of the Application guestbook of dev, whose chart is in the tree. */
function patch(id: string, title: string, body: object, more: Partial<RequestAttempt> = {}): RequestAttempt {
  const fixed = { how: "request", who: "Argo CD", method: "PATCH" } as const;
  return {
    ...fixed,
    id,
    title,
    path: `${collection}/guestbook`,
    body,
    stop: "identity policy",
    says: byIdentity,
    ...more,
  };
}

/** A new Application of dev. */
function create(id: string, title: string, body: object, more: Partial<RequestAttempt> = {}): RequestAttempt {
  return { ...patch(id, title, body, more), method: "POST", path: collection };
}

const own = "/gitops/apps/guestbook";
const source = (more: object) => ({ spec: { source: more } });
const helm = (more: object) => source({ helm: more });
const file = (path: string) => helm({ valueFiles: [path] });
const sync = (more: object) => ({ operation: { sync: more } });
const labels = (more: object) => ({ metadata: { labels: more } });
/** An add-on of a chart repository. */
const addOn = (name: string, change: object) =>
  application(name, {
    project: "platform",
    spec: {
      source: undefined,
      sources: [
        {
          ...{ repoURL: "https://charts.example.com", chart: "a", targetRevision: "1.0.0" },
          helm: { valueFiles: [`$values/gitops/addons/${name}/values.yaml`] },
          ...change,
        },
        { repoURL: "HERE", targetRevision: "main", ref: "values" },
      ],
    },
  });
const chart = { repoURL: "HERE", targetRevision: "main", path: "gitops/charts/web-service/1.1.0" };
const foreign = { ...chart, helm: { valueFiles: [`${own}/stages/prod/values.yaml`] } };

const valueFiles: RequestAttempt[] = [
  patch("17", "a value file of prod", file(`${own}/stages/prod/values.yaml`)),
  patch("18", "a value file reached with ../", file(`${own}/stages/dev/../prod/values.yaml`)),
  patch("18a", "a value file reached with ./ and //", file(`${own}/stages/.//prod/values.yaml`)),
  patch("19", "a relative value file", file("../../../apps/guestbook/stages/prod/values.yaml")),
  patch("20", "a value file at an address", file("https://evil.example/values.yaml")),
  patch("20a", "a value file in a bucket", file("s3://evil/values.yaml")),
  patch("21", "value files by a pattern", file(`${own}/stages/*/values.yaml`)),
  patch("22", "a value file of another reference", file("$other/gitops/apps/guestbook/values.yaml")),
  patch("22a", "a value file behind two references", file("$values/$values/gitops/apps/guestbook/values.yaml")),
  patch("23", "a value file with a line end behind it", file(`${own}/values.yaml\n`)),
  patch("24", "a value file with a line end in it", file(`${own}/stages/\nprod/values.yaml`)),
  patch("25", "a value file of another component", file("/gitops/apps/orders/values.yaml")),
  patch("26", "a value file of another cluster", file("/gitops/clusters/prod/values/guestbook.yaml")),
  patch("27", "a value file of another region", file(`${own}/regions/eu-west-1.yaml`)),
  patch("27a", "a value file with an encoded slash", file(`${own}/stages%2fprod/values.yaml`)),
  patch("27b", "a value file whose name begins like an allowed one", file(`${own}/values.yaml.prod`)),
  patch("28", "inline values", helm({ values: "replicas: 7" })),
  patch("28a", "inline values that are empty", helm({ values: "" })),
  patch("29", "inline values as an object", helm({ valuesObject: { replicas: 7 } })),
  patch("30", "Helm parameters", helm({ parameters: [{ name: "replicas", value: "7" }] })),
  patch("31", "Helm parameters from a file", helm({ fileParameters: [{ name: "a", path: `${own}/values.yaml` }] })),
  patch("32", "a second source with a value file of prod", { spec: { sources: [chart, foreign] } }),
  patch("33", "a hydrator of sources", {
    spec: {
      sourceHydrator: {
        drySource: { repoURL: "HERE", targetRevision: "main", path: "gitops/charts/web-service/1.1.0" },
        syncSource: { targetBranch: "env/prod", path: "x" },
      },
    },
  }),
];

const operations: RequestAttempt[] = [
  patch("34", "a sync with a source of its own", sync({ source: foreign })),
  patch("34a", "a sync with sources of its own", sync({ sources: [foreign] })),
  patch("35", "another cluster by its name", { spec: { destination: { server: null, name: "elsewhere" } } }),
  patch(
    "36",
    "this cluster by name and server",
    { spec: { destination: { name: "in-cluster" } } },
    { stop: "identity policy" },
  ),
  patch("36a", "this cluster's address with a slash behind it", {
    spec: { destination: { server: "https://kubernetes.default.svc/" } },
  }),
  patch("37", "the address of another cluster", { spec: { destination: { server: "https://10.0.0.1" } } }),
  patch("38", "the project default", { spec: { project: "default" } }),
  patch("38a", "the project bootstrap", { spec: { project: "bootstrap" } }),
  patch("38b", "no project", { spec: { project: "" } }),
  patch("39", "the label of another stage", labels({ "onebranch.dev/stage": "prod" })),
  patch("39a", "no label of a cluster", labels({ "onebranch.dev/cluster": null })),
  patch("40", "the label of another component", labels({ "onebranch.dev/component": "orders" })),
  create("41", "a name with a dot", application("guest.book", {})),
  create("41a", "a name with letters of another alphabet", application("guestböok", {}), {
    stop: "API",
    says: /metadata\.name/,
  }),
];

const sources: RequestAttempt[] = [
  patch("42", "$values from another branch", {
    spec: { source: null, sources: [chart, { repoURL: "HERE", targetRevision: "evil", ref: "values" }] },
  }),
  patch("42a", "$values from another repository", {
    spec: {
      source: null,
      sources: [chart, { repoURL: "https://evil.example/t.git", targetRevision: "main", ref: "values" }],
    },
  }),
  ...Object.entries({
    b: ["an image of a registry", { repoURL: "oci://evil.example/charts" }],
    c: ["a directory of the machine", { repoURL: "file:///evil" }],
    d: ["the tree's own repository", { repoURL: "HERE" }],
    e: ["a range of versions", { targetRevision: ">=1.0.0" }],
    f: ["a repository with a path besides", { path: "gitops/clusters/prod" }],
    g: ["a repository that is a reference besides", { ref: "values" }],
    h: ["a repository with inline values", { helm: { values: "a: 1" } }],
  }).map(([letter, [title, change]]) =>
    create(`42${letter}`, `an add-on whose chart is of ${title as string}`, addOn(`a42${letter}`, change as object)),
  ),
  create("42i", "an add-on of a chart repository", addOn("a42i", {}), {
    ...{ stop: "nothing", says: undefined },
    said: "Argo CD deploys it only if its repository is listed by the project platform, row 15b",
  }),
  patch("43", "another branch", source({ targetRevision: "evil" })),
  patch("43a", "a tag", source({ targetRevision: "v1.0.0" })),
  patch("43b", "a commit", source({ targetRevision: "0123456789012345678901234567890123456789" })),
  patch("43c", "another repository", source({ repoURL: "https://evil.example/tree.git" })),
  patch("44", "the directory of another stage", source({ path: "gitops/apps/guestbook/stages/prod" })),
  patch("44a", "the directory of another cluster", source({ path: "gitops/clusters/prod" })),
  patch("44b", "a chart reached with ../", source({ path: "gitops/charts/web-service/../../clusters/prod" })),
  patch("44c", "the whole repository", source({ path: "." })),
  patch("45", "patches of Kustomize", source({ kustomize: { patches: [{ patch: "- op: remove\n  path: /spec" }] } })),
  patch("45a", "images of Kustomize", source({ kustomize: { images: ["podinfo=evil/podinfo:1"] } })),
  patch("45b", "replicas of Kustomize", source({ kustomize: { replicas: [{ name: "guestbook", count: 7 }] } })),
  patch("45c", "components of Kustomize", source({ kustomize: { components: ["../../clusters/prod"] } })),
  patch(
    "45d",
    "arguments of Jsonnet",
    source({ directory: { jsonnet: { tlas: [{ name: "replicas", value: "7" }] } } }),
  ),
  patch("45e", "variables of Jsonnet", source({ directory: { jsonnet: { extVars: [{ name: "a", value: "7" }] } } })),
  patch("45f", "libraries of Jsonnet", source({ directory: { jsonnet: { libs: ["gitops/clusters/prod"] } } })),
  patch("45g", "the environment of a plugin", source({ plugin: { name: "p", env: [{ name: "A", value: "7" }] } })),
  patch(
    "45h",
    "the parameters of a plugin",
    source({ plugin: { name: "p", parameters: [{ name: "a", string: "7" }] } }),
  ),
  patch("46", "another release name", helm({ releaseName: "orders" })),
  patch("46a", "another namespace for Helm", helm({ namespace: "kube-system" })),
  patch("46b", "another Kubernetes version for Helm", helm({ kubeVersion: "1.20.0" })),
  patch("46c", "other API versions for Helm", helm({ apiVersions: ["evil/v1"] })),
  patch("46d", "credentials for all addresses", helm({ passCredentials: true })),
  patch("46e", "a schema that is not looked at", helm({ skipSchemaValidation: true })),
  patch("46f", "labels for the namespace that Argo CD makes", {
    spec: {
      syncPolicy: {
        managedNamespaceMetadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
      },
    },
  }),
  patch(
    "47",
    "a sync of inline manifests",
    sync({ manifests: ['{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"}}'] }),
  ),
  patch("47a", "a sync of another branch", sync({ revision: "evil" })),
  patch("47b", "a sync of other branches for sources", sync({ revisions: ["evil"] })),
  create("47c", "inline values in a new Application", application("a47c", { source: { helm: { values: "a: 1" } } })),
];

/** Requests that Argo CD, or somebody with its rights, sends to the API server of dev. */
export const identityRequests: RequestAttempt[] = [...valueFiles, ...operations, ...sources];
