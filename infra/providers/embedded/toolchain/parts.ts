/** What is built, in which order, from which module, and what it costs. */

export const allParts = ["cluster", "argocd", "kubernetes", "pulumi", "random"] as const;
export type Part = (typeof allParts)[number];

/** What every run of the Pulumi program needs, whatever the provider. */
export const programParts = ["kubernetes", "pulumi", "random"] as const satisfies readonly Part[];

/** The versions the modules pin; a test compares them with the go.mod files. */
export const versions = { kubernetes: "1.36.1", argocd: "3.2.11", pulumi: "3.259.0", helm: "3.18.4" };

/** Versions that the built plugins report. */
const pluginVersions = { kubernetes: "4.23.0", random: "4.21.2" };

export interface Build {
  /** name of the binary */
  output: string;
  /** package to build, as `go build` takes it inside the module */
  package: string;
  /** values the linker sets: variable -> value */
  set: Record<string, string>;
  /** names it is called by; where there are several, it looks at its name to decide which program to be */
  links: string[];
}

export interface PartSpec {
  builds: Build[];
  /** modules beside this one that its go.mod replaces by a relative path */
  shared: string[];
  /** seconds on two cores with an empty Go build cache, downloads included */
  seconds: number;
  /** what it adds to Go's build cache, in GB; parts share some of it, so their sum is on the safe side */
  cacheGigabytes: number;
  /** what it adds to Go's module cache, in GB */
  moduleGigabytes: number;
  /** what the finished part takes, in GB */
  gigabytes: number;
}

// Two copies of a Terraform plugin library register the same protobuf names; without this the plugin dies at its start.
const protobufConflict = { "google.golang.org/protobuf/reflect/protoregistry.conflictPolicy": "ignore" };

const helm: Build = {
  output: "helm",
  package: "helm.sh/helm/v3/cmd/helm",
  set: { "helm.sh/helm/v3/internal/version.version": `v${versions.helm}` },
  links: ["helm"],
};

const kustomize: Build = {
  output: "kustomize",
  package: "sigs.k8s.io/kustomize/kustomize/v5",
  set: { "sigs.k8s.io/kustomize/api/provenance.version": "v5.7.0" },
  links: ["kustomize"],
};

export const specs: Record<Part, PartSpec> = {
  cluster: {
    builds: [
      {
        output: "cluster",
        package: ".",
        set: {
          // Without them the API server says v0.0.0-master, and clients refuse to talk to it.
          "k8s.io/component-base/version.gitVersion": `v${versions.kubernetes}`,
          "k8s.io/client-go/pkg/version.gitVersion": `v${versions.kubernetes}`,
        },
        links: ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok", "kubectl"],
      },
    ],
    shared: ["process"],
    seconds: 365,
    cacheGigabytes: 3,
    moduleGigabytes: 0.7,
    gigabytes: 0.15,
  },
  argocd: {
    builds: [
      {
        output: "argocd",
        package: ".",
        set: { "github.com/argoproj/argo-cd/v3/common.version": versions.argocd },
        links: [
          "argocd",
          "argocd-application-controller",
          "argocd-applicationset-controller",
          "argocd-cmp-server",
          "argocd-git-ask-pass",
          "argocd-k8s-auth",
          "argocd-repo-server",
          "argocd-server",
          "onebranch-redis",
        ],
      },
    ],
    shared: ["process"],
    seconds: 230,
    cacheGigabytes: 3,
    moduleGigabytes: 1.7,
    gigabytes: 0.15,
  },
  kubernetes: {
    builds: [
      helm,
      kustomize,
      {
        output: "pulumi-resource-kubernetes",
        package: ".",
        set: { "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version": pluginVersions.kubernetes },
        links: ["pulumi-resource-kubernetes"],
      },
    ],
    shared: [],
    seconds: 270,
    cacheGigabytes: 3.5,
    moduleGigabytes: 0.7,
    gigabytes: 0.3,
  },
  pulumi: {
    builds: [
      {
        output: "pulumi",
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        set: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${versions.pulumi}` },
        links: ["pulumi"],
      },
    ],
    shared: [],
    seconds: 160,
    cacheGigabytes: 2.5,
    moduleGigabytes: 1.3,
    gigabytes: 0.15,
  },
  random: {
    builds: [
      {
        output: "pulumi-resource-random",
        package: ".",
        set: {
          "github.com/terraform-providers/terraform-provider-random/shim/info.version": pluginVersions.random,
          ...protobufConflict,
        },
        links: ["pulumi-resource-random"],
      },
    ],
    shared: [],
    seconds: 90,
    cacheGigabytes: 1.5,
    moduleGigabytes: 1.1,
    gigabytes: 0.1,
  },
};

/**
 * One part as it is to be built here. Where an installed plugin serves, the Kubernetes part shrinks to the command
 * lines that Argo CD's repo-server calls.
 */
export interface Target extends PartSpec {
  part: Part;
  /** name in the cache, without the hash */
  name: string;
}

export function target(part: Part): Target {
  return { part, name: part, ...specs[part] };
}

export function renderTools(): Target {
  return {
    part: "kubernetes",
    name: "kubernetes-tools",
    ...specs.kubernetes,
    builds: [helm, kustomize],
    seconds: 120,
    cacheGigabytes: 1,
    moduleGigabytes: 0.5,
    gigabytes: 0.1,
  };
}

/** The linker's flags: -s -w leaves out symbol tables, which would double the size and are not needed here. */
export function linkerFlags(build: Build): string {
  return ["-s", "-w", ...Object.entries(build.set).map(([variable, value]) => `-X ${variable}=${value}`)].join(" ");
}
