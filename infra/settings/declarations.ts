import type { ProviderName } from "../../model/providers";
import { argocdChart } from "../versions";

/** One stack setting: `onebranch:<name>` in Pulumi.<stack>.yaml. */
export interface SettingDeclaration {
  type: "string" | "integer" | "array";
  /** What stands for "not set" (empty) or the value that is used then. Pulumi requires a key that is declared without one. */
  default: string | number | readonly string[];
  /** Meaning, unit, default and allowed values, in the words of Pulumi.yaml. */
  description: string;
  /** Providers that the setting means something for; absent = all. */
  providers?: readonly ProviderName[];
  /** A value that must never stand in a file in plain text. */
  secret?: boolean;
}

const charted: readonly ProviderName[] = ["kind", "existing", "eks"];

/**
 * Every setting of a stack. Pulumi.yaml declares the same list (a test compares the two), so that `pulumi config` and
 * the Automation API, which does not read that file, agree.
 */
export const settingDeclarations = {
  provider: {
    type: "string",
    default: "",
    description:
      "Where the cluster comes from: embedded (processes on this machine, no Docker), kind (Docker), existing (a kubeconfig) or eks (AWS). Default: `provider` of the cluster's cluster.yaml.",
  },
  from: {
    type: "string",
    default: "",
    description:
      "For an ephemeral stack such as pr-123 that has no cluster.yaml: the cluster whose identity it takes, for example dev. Default: none.",
  },
  repoURL: {
    type: "string",
    default: "",
    description:
      "Git repository that Argo CD follows, as the cluster reaches it (https://, ssh:// or file://). Default: this checkout on embedded and kind, the https address of the remote `origin` elsewhere.",
  },
  revision: {
    type: "string",
    default: "",
    description: "Branch, tag or commit that Argo CD follows. Default: the branch of the checkout, HEAD when detached.",
  },
  repoUsername: {
    type: "string",
    default: "",
    description: "User name for repoURL. Default: none, the repository is read without login.",
  },
  repoPassword: {
    type: "string",
    default: "",
    secret: true,
    description:
      "Password or token for repoURL; set it with `pulumi config set --secret`. Default: none. Needs repoUsername.",
  },
  pollSeconds: {
    type: "integer",
    default: 0,
    description:
      "Seconds between two looks of Argo CD at the repository, 1 to 3600. Default (0): 3 on embedded, 5 on kind, 180 elsewhere.",
  },
  argocdChart: {
    type: "string",
    default: argocdChart.name,
    providers: charted,
    description: `Argo CD chart: its name in argocdChartRepo, an oci:// address, or the path of a .tgz file. Default: ${argocdChart.name}.`,
  },
  argocdChartRepo: {
    type: "string",
    default: argocdChart.repository,
    providers: charted,
    description: `Address of the chart repository, for mirrors; not used for a .tgz file or oci://. Default: ${argocdChart.repository}.`,
  },
  argocdChartVersion: {
    type: "string",
    default: argocdChart.version,
    providers: charted,
    description: `Exact version of the Argo CD chart; not used for a .tgz file. Default: ${argocdChart.version} (Argo CD ${argocdChart.appVersion}).`,
  },
  argocdImage: {
    type: "string",
    default: "",
    providers: charted,
    description: "Argo CD image as repository:tag or repository:tag@sha256:..., for mirrors. Default: the chart's own.",
  },
  redisImage: {
    type: "string",
    default: "",
    providers: charted,
    description: "Redis image as repository:tag or repository:tag@sha256:..., for mirrors. Default: the chart's own.",
  },
  argocdValues: {
    type: "string",
    default: "",
    providers: charted,
    description:
      "Path of a YAML file, from the root of the checkout, with chart values laid over the program's own. Default: none.",
  },
  kindNodeImage: {
    type: "string",
    default: "",
    providers: ["kind"],
    description:
      "Node image of the kind cluster, for mirrors and other versions. Default: the image pinned by digest for the cluster's kubernetesVersion.",
  },
  kindLoadImages: {
    type: "array",
    default: [],
    providers: ["kind"],
    description:
      "Images of the local Docker daemon that are loaded into the node before Argo CD is installed, for machines that cannot pull. Default: none.",
  },
  kindPort: {
    type: "integer",
    default: 0,
    providers: ["kind"],
    description:
      "Port on 127.0.0.1 where Argo CD answers, 1024 to 65535. Default (0): a port from 10000 to 19999 derived from the stack's name.",
  },
  kubeconfig: {
    type: "string",
    default: "",
    providers: ["existing"],
    description:
      "Path of the kubeconfig of the existing cluster, from the root of the checkout; ~ is the home directory. Required for existing.",
  },
  kubeconfigContext: {
    type: "string",
    default: "",
    providers: ["existing"],
    description: "Context of that kubeconfig. Required for existing: the current context of a shell is no address.",
  },
} as const satisfies Record<string, SettingDeclaration>;

/** Name of a setting, without the project's prefix. */
export type SettingName = keyof typeof settingDeclarations;

/** The names in the order of Pulumi.yaml. */
export const settingNames = Object.keys(settingDeclarations) as SettingName[];

/** The declaration behind a name, in its general type. */
export function declarationOf(name: SettingName): SettingDeclaration {
  return settingDeclarations[name];
}
