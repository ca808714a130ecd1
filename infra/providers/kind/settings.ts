import { checkKubernetesVersion } from "../../settings/cluster-file";
import type { SettingDeclarations } from "../../settings/declaration";
import { readStackFile } from "../../settings/file";
import type { ProviderSettings } from "../../settings/settings";
import { kindNodeImages } from "../../versions";
import type { ProviderSource } from "../provider";
import { kindKubeconfig } from "./files";
import { derivedPort } from "./ports";

export interface KindSettings extends ProviderSettings {
  name: "kind";
  /** Name that kind gives the cluster and its containers. */
  clusterName: string;
  nodeImage: string;
  /** Images of the local Docker daemon to load into the node. */
  loadImages: readonly string[];
  /** Port on 127.0.0.1 where Argo CD answers. */
  port: number;
  /** Absolute path where the kubeconfig is written. */
  kubeconfigPath: string;
}

export const kindSettings = {
  kindNodeImage: {
    type: "string",
    default: "",
    description:
      "Node image of the kind cluster, for mirrors and other versions. Default: the image pinned by digest for the cluster's kubernetesVersion.",
  },
  kindLoadImages: {
    type: "array",
    default: [],
    description:
      "Images of the local Docker daemon that are loaded into the node before Argo CD is installed, for machines that cannot pull. Default: none.",
  },
  kindPort: {
    type: "integer",
    default: 0,
    least: 1024,
    most: 65535,
    description:
      "Port on 127.0.0.1 where Argo CD answers, 1024 to 65535. Default (0): a port from 10000 to 19999 derived from the stack's name.",
  },
} as const satisfies SettingDeclarations;

type Source = ProviderSource<keyof typeof kindSettings>;

/** The longest stack name whose kind containers still have host names of 63 characters. */
const longestStack = 63 - "onebranch-".length - "-control-plane".length;

export function parseKind(source: Source): KindSettings {
  const { stack, identity, values, faults, root } = source;
  const own = values.text("kindNodeImage");
  if (own === undefined) {
    checkKubernetesVersion({ ...source, name: "kind" }, Object.keys(kindNodeImages), ", or set kindNodeImage");
  }
  if (stack.length > longestStack) {
    faults.sentence({
      message: `the stack name ${stack} has ${stack.length} characters; the host name of its kind node would be too long`,
      fix: `use at most ${longestStack}`,
    });
  }
  const port = values.integer("kindPort") ?? derivedPort(stack);
  reportPortClash(source, port);
  return {
    name: "kind",
    clusterName: `onebranch-${stack}`,
    nodeImage: own ?? kindNodeImages[identity.kubernetesVersion] ?? "",
    loadImages: values.list("kindLoadImages"),
    port,
    kubeconfigPath: kindKubeconfig(root, stack),
  };
}

/** Two kind clusters of the tree can run side by side, so no two may claim one port. */
function reportPortClash({ stack, tree, faults, read, identity }: Source, port: number): void {
  for (const [other, { provider }] of tree.clusters) {
    if (other === stack || other === identity.name || provider !== "kind") continue;
    const file = readStackFile(other, read);
    const entry = file?.entries.get("kindPort");
    const claimed = Number(entry?.text) || derivedPort(other);
    if (claimed !== port) continue;
    const place = file && entry ? ` (${file.path}:${entry.line})` : "";
    faults.setting("kindPort", "setting-kind-port", {
      message: `the kind clusters ${stack} and ${other}${place} both claim port ${port}`,
      fix: "give one of them another: pulumi config set kindPort <port>",
    });
  }
}
