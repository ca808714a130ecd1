import type { GoProgram } from "../../../../machine/go-build";
import { rendererProgram, type RendererEntry } from "../../../../machine/renderer";

/** What comes out of the one Go module, in the order in which `up` needs it. */
export const moduleParts = ["pulumi", "cluster", "argocd"] as const;
export type ModulePart = (typeof moduleParts)[number];

/** Everything that is built, in this order. `up` does without the renderer, but `check` and `plan` do not. */
export const allParts = [...moduleParts, "renderer"] as const;
export type Part = (typeof allParts)[number];

/** What every run of the Pulumi program needs, whatever the provider. */
export const programParts = ["pulumi"] as const satisfies readonly Part[];

/** The versions the module pins; a test compares them with its go.mod. */
export const versions = {
  kubernetes: "1.37.2",
  etcd: "3.7.3",
  kwok: "0.8.0",
  argocd: "3.6.1",
  helm: "4.3.1",
  kustomize: "5.8.3",
  pulumi: "3.276.0",
};

/**
 * The end of the version that our Pulumi calls itself: it has what runs of the program need, and must not be taken for the whole.
 */
export const ownBuild = "+onebranch";

/** Version that the built plugin for Kubernetes reports: the module has none. */
const kubernetesPlugin = "4.25.0";

/** What the module's downloads add to Go's module cache, in GB, whichever parts are built. */
export const downloadGigabytes = 2.5;

/** One part is one binary: the package of the part's name in the module. */
export interface PartSpec {
  /** values the linker sets: variable -> value */
  set: GoProgram["set"];
  /** names the binary is called by; it looks at its name to decide which program to be */
  links: string[];
  /** scripts that are handed out beside the binary, under their own names */
  scripts: string[];
  /** packages of the module besides the part's own */
  shared: string[];
  /** modules that it is built from changed copies of: the names of files in `modules/patches` */
  patches: string[];
  /**
   * packages that are compiled for it after the parts before it, with an empty Go build cache: what is said before they are counted
   */
  packages: number;
  /** what it adds to Go's build cache, in GB */
  cacheGigabytes: number;
  /** what the finished part takes, in GB */
  gigabytes: number;
}

export const specs: Record<ModulePart, PartSpec> = {
  pulumi: {
    set: {
      "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${versions.pulumi}${ownBuild}`,
      "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version": kubernetesPlugin,
    },
    links: ["pulumi", "pulumi-resource-kubernetes", "pulumi-resource-random"],
    scripts: [],
    shared: [],
    patches: ["client-go", "kubernetes-provider", "kubernetes-sdk", "pulumi"],
    packages: 2050,
    cacheGigabytes: 1.2,
    gigabytes: 0.12,
  },
  cluster: {
    set: {
      // Without them the API server says v0.0.0-master, and clients refuse to talk to it.
      "k8s.io/component-base/version.gitVersion": `v${versions.kubernetes}`,
      "k8s.io/client-go/pkg/version.gitVersion": `v${versions.kubernetes}`,
    },
    links: ["etcd", "kube-apiserver", "kube-controller-manager", "onebranch-scheduler", "kwok", "kubectl"],
    scripts: [],
    shared: ["process"],
    patches: ["client-go", "dynamic-resource-allocation", "kubernetes"],
    packages: 1480,
    cacheGigabytes: 2.3,
    gigabytes: 0.16,
  },
  argocd: {
    set: {
      "github.com/argoproj/argo-cd/v3/common.version": versions.argocd,
      "helm.sh/helm/v4/internal/version.version": `v${versions.helm}`,
      "sigs.k8s.io/kustomize/api/provenance.version": `v${versions.kustomize}`,
    },
    links: [
      "argocd",
      "argocd-application-controller",
      "argocd-applicationset-controller",
      "argocd-cmp-server",
      "argocd-git-ask-pass",
      "argocd-k8s-auth",
      "argocd-repo-server",
      "argocd-server",
      "helm",
      "kustomize",
      "onebranch-redis",
    ],
    scripts: ["git-verify-wrapper.sh"],
    shared: ["process"],
    patches: ["argocd", "client-go"],
    packages: 950,
    cacheGigabytes: 1.5,
    gigabytes: 0.17,
  },
};

/** One part as it is to be built here. */
export interface Target extends PartSpec, Pick<GoProgram, "package"> {
  part: Part;
  /** where the program lies in the finished part */
  program: string;
}

export function target(part: ModulePart): Target {
  return { part, package: `./${part}`, program: `bin/${part}`, ...specs[part] };
}

/** The renderer has a module of its own, and is started by the tool alone. */
export function rendererTarget({ package: path, set }: RendererEntry): Target {
  const costs = { packages: 200, cacheGigabytes: 0.4, gigabytes: 0.06 };
  const program = rendererProgram;
  return { part: "renderer", package: path, program, set, links: [], scripts: [], shared: [], patches: [], ...costs };
}
