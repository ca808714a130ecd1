import { stringify } from "yaml";
import type { Random } from "../random";
import { randomKustomizeOptions } from "./kustomize";

/** What random ApplicationSets are made about. */
export interface Subjects {
  /** Unique in one Argo CD; every name begins with it. */
  prefix: string;
  stage: string;
  components: { name: string; chart: string; version: string }[];
  kustomizations: string[];
}

const destination = { server: "https://kubernetes.default.svc" };
const git = { repoURL: "REPO", revision: "REVISION" };

/** ApplicationSets beside those of the bootstrap chart, each with another kind of source; their texts by file name. */
export function randomSets(random: Random, subjects: Subjects): Map<string, string> {
  const kinds = { helm, kustomize, plain, several };
  const names = random.some(Object.keys(kinds) as (keyof typeof kinds)[], random.between(2, 4));
  return new Map(
    names.map((kind) => {
      const spec = kinds[kind](random, subjects);
      const set = {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "ApplicationSet",
        metadata: { name: `${subjects.prefix}-${kind}`, namespace: "argocd" },
        spec: { goTemplate: true, goTemplateOptions: ["missingkey=error"], ...spec },
      };
      return [`${kind}.yaml`, stringify(set, { version: "1.1" })];
    }),
  );
}

function template(name: string, source: object, more: object = {}): object {
  const sources = "sources" in source ? source : { source: { repoURL: "REPO", targetRevision: "REVISION", ...source } };
  return {
    metadata: { name, labels: { kind: "random" } },
    spec: {
      project: "default",
      ...sources,
      destination: { ...destination, namespace: "ns-{{ .component }}" },
      ...more,
    },
  };
}

/** The components again, with everything that an Application may say about Helm. */
function helm(random: Random, { prefix, stage, components }: Subjects): object {
  const own = components.map(({ name }) => name);
  const files = { git: { ...git, files: [{ path: `gitops/apps/*/stages/${stage}/pin.yaml` }] } };
  const list = {
    list: { elements: random.some(own, 3).map((component) => ({ component, extra: random.pick(["a", "b"]) })) },
  };
  const options = {
    ...(random.chance(0.3) ? { releaseName: random.pick(["other", "rel-{{ .component }}"]) } : {}),
    ...(random.chance(0.3) ? { skipCrds: true } : {}),
    ...(random.chance(0.3) ? { skipTests: true } : {}),
    ...(random.chance(0.1) ? { skipSchemaValidation: true } : {}),
    ...(random.chance(0.2) ? { namespace: "helm-ns" } : {}),
    ...(random.chance(0.1) ? { kubeVersion: random.pick(["1.28", "1.31.2"]) } : {}),
    ...(random.chance(0.1) ? { apiVersions: ["example.com/v1", "policy/v1beta1"] } : {}),
    ...(random.chance(0.3)
      ? {
          parameters: random.some(
            [
              { name: "replicas", value: "7" },
              { name: "alpha", value: "$ARGOCD_APP_NAME-$ARGOCD_APP_NAMESPACE", forceString: true },
              { name: "map.a", value: "true" },
              { name: "list", value: "{x,y}" },
              { name: "list[0]", value: "first" },
              { name: "nested.deep.two", value: "a,b" },
              { name: "label", value: "null" },
              { name: "size", value: "0012", forceString: random.chance(0.5) },
              { name: "env.X", value: "{{ .component }}" },
            ],
            random.between(1, 4),
          ),
        }
      : {}),
    ...(random.chance(0.3)
      ? { valuesObject: { gamma: [1, { a: null }], extra: { added: "{{ .component }}" }, size: 10000000 } }
      : {}),
    ...(random.chance(0.2) ? { values: "beta: from the set\nmap: { z: 1 }\n" } : {}),
    ...(random.chance(0.2)
      ? { fileParameters: [{ name: "text", path: "/gitops/apps/{{ .component }}/values.yaml" }] }
      : {}),
    ...(random.chance(0.8) ? { ignoreMissingValueFiles: random.chance(0.93) } : {}),
    valueFiles: random.some(
      [
        "/gitops/apps/{{ .component }}/values.yaml",
        `/gitops/apps/{{ .component }}/stages/${stage}/values.yaml`,
        "values.yaml",
        "../../../apps/{{ .component }}/values.yaml",
        ...(random.chance(0.05) ? ["../../../../../outside.yaml"] : []),
      ],
      random.between(1, 3),
    ),
  };
  if (!("ignoreMissingValueFiles" in options)) Object.assign(options, { ignoreMissingValueFiles: true });
  const body = { path: "gitops/charts/{{ .chart }}/{{ .version }}", helm: options };
  return {
    generators: [
      random.chance(0.5)
        ? { merge: { mergeKeys: ["component"], generators: [files, list] } }
        : {
            ...files,
            ...(random.chance(0.3)
              ? { selector: { matchExpressions: [{ key: "component", operator: "In", values: own.slice(1) }] } }
              : {}),
          },
    ],
    template: template(
      `${prefix}-helm-{{ .component }}`,
      body,
      random.chance(0.3) ? { revisionHistoryLimit: 3, info: [{ name: "a", value: "{{ .version }}" }] } : {},
    ),
    ...(random.chance(0.4) ? { templatePatch: patch } : {}),
    ...(random.chance(0.3)
      ? { syncPolicy: { applicationsSync: "create-only", preserveResourcesOnDeletion: random.chance(0.5) } }
      : {}),
  };
}

const patch = `metadata:
  annotations:
    patched: {{ .version | quote }}
    segments: {{ .path.segments | join "." | quote }}
{{- if eq .requires "base" }}
spec:
  source:
    helm:
      valuesObject: { fromPatch: { name: {{ .component }} } }
{{- end }}
`;

function kustomize(random: Random, { prefix, kustomizations }: Subjects): object {
  const options = randomKustomizeOptions(random);
  const directories = { git: { ...git, directories: [{ path: "gitops/kustomize/*/overlay" }] } };
  const places = { list: { elements: random.some(kustomizations, 2).map((place) => ({ place })) } };
  return {
    generators: [
      random.chance(0.5)
        ? directories
        : { matrix: { generators: [places, { git: { ...git, directories: [{ path: "{{ .place }}" }] } }] } },
    ],
    template: template(
      `${prefix}-kust-{{ index .path.segments 2 }}`,
      { path: "{{ .path.path }}", ...(options ? { kustomize: options } : {}) },
      {
        destination: { ...destination, namespace: "ns-{{ index .path.segments 2 }}" },
      },
    ),
  };
}

function plain(random: Random, { prefix }: Subjects): object {
  const directory = random.chance(0.7)
    ? {
        directory: {
          recurse: random.chance(0.6),
          ...(random.chance(0.4) ? { exclude: random.pick(["*.json", "{sub/*,b.*}", "**/c.yml"]) } : {}),
          ...(random.chance(0.3) ? { include: random.pick(["*.yaml", "sub/*", "**/*.yml"]) } : {}),
        },
      }
    : {};
  return {
    generators: [{ list: { elements: [{ component: "plain" }] } }],
    template: template(`${prefix}-{{ .component }}`, { path: "gitops/plain", ...directory }),
  };
}

/** A chart with values by reference, and a directory beside it. */
function several(random: Random, { prefix, components, kustomizations }: Subjects): object {
  const { name, chart, version } = random.pick(components);
  const from = { repoURL: "REPO", targetRevision: "REVISION" };
  return {
    generators: [{ list: { elements: [{ component: name }] } }],
    template: template(`${prefix}-many-{{ .component }}`, {
      sources: [
        {
          ...from,
          path: `gitops/charts/${chart}/${version}`,
          helm: {
            ignoreMissingValueFiles: true,
            valueFiles: ["$tree/gitops/apps/{{ .component }}/values.yaml", "$tree/none.yaml"],
          },
        },
        { ...from, ref: "tree", ...(random.chance(0.3) ? { path: "gitops/plain" } : {}) },
        ...(random.chance(0.5) ? [{ ...from, path: random.pick(kustomizations) }] : []),
      ],
    }),
  };
}
