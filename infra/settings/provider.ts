import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { readFileSync } from "node:fs";
import type { Identity } from "../../model/identity";
import type { ProviderName } from "../../model/providers";
import { offerNames } from "../../model/names";
import type { Tree } from "../../model/tree";
import { kindKubeconfig } from "../providers/kind/files";
import { contextsOf, extractContext } from "../cluster/kubeconfig";
import { derivedPort } from "../providers/kind/ports";
import type { Faults } from "./faults";
import { lineOfKey, readStackFile, type ReadFile } from "./file";
import type { Values } from "./values";
import { embeddedKubernetes, kindNodeImages } from "../versions";

/** What a provider needs to make or reach the cluster; `eks` has its place and no settings yet. */
export type ProviderSettings = EmbeddedSettings | KindSettings | ExistingSettings | { kind: "eks" };

export interface EmbeddedSettings {
  kind: "embedded";
  /** Minor version, as in cluster.yaml. */
  kubernetesVersion: string;
}

export interface KindSettings {
  kind: "kind";
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

export interface ExistingSettings {
  kind: "existing";
  /** The one context of the user's kubeconfig, as JSON. Secret. */
  kubeconfig: string;
  context: string;
}

/** What the settings of a provider are made from. */
export interface ProviderSource {
  name: ProviderName;
  project: string;
  stack: string;
  identity: Identity;
  values: Values;
  /** The port that is set, if any. */
  kindPort: number | undefined;
  faults: Faults;
  tree: Tree;
  root: string;
  read: ReadFile;
}

/** The longest stack name whose kind containers still have host names of 63 characters. */
const longestKindStack = 63 - "onebranch-".length - "-control-plane".length;

/** The settings of the chosen provider; `undefined` when something needed for them is wrong and was reported. */
export function parseProvider(source: ProviderSource): ProviderSettings | undefined {
  switch (source.name) {
    case "embedded":
      return parseEmbedded(source);
    case "kind":
      return parseKind(source);
    case "existing":
      return parseExisting(source);
    case "eks":
      reportEks(source);
      return { kind: "eks" };
    default:
      return source.name satisfies never;
  }
}

function parseEmbedded(source: ProviderSource): EmbeddedSettings {
  const { identity } = source;
  checkVersion(source, [embeddedKubernetes], "");
  return { kind: "embedded", kubernetesVersion: identity.kubernetesVersion };
}

function parseKind(source: ProviderSource): KindSettings {
  const { stack, identity, values, faults, root } = source;
  const own = values.text("kindNodeImage");
  if (own === undefined) checkVersion(source, Object.keys(kindNodeImages), ", or set kindNodeImage");
  if (stack.length > longestKindStack) {
    faults.sentence({
      message: `the stack name ${stack} has ${stack.length} characters; the host name of its kind node would be too long`,
      fix: `use at most ${longestKindStack}`,
    });
  }
  const port = source.kindPort ?? derivedPort(stack);
  reportPortClash(source, port);
  return {
    kind: "kind",
    clusterName: `onebranch-${stack}`,
    nodeImage: own ?? kindNodeImages[identity.kubernetesVersion] ?? "",
    loadImages: values.list("kindLoadImages"),
    port,
    kubeconfigPath: kindKubeconfig(root, stack),
  };
}

/** Two kind clusters of the tree can run side by side, so no two may claim one port. */
function reportPortClash(source: ProviderSource, port: number): void {
  const { stack, tree, faults, read, project, identity } = source;
  for (const [other, { provider }] of tree.clusters) {
    if (other === stack || other === identity.name || provider !== "kind") continue;
    const file = readStackFile(project, other, read);
    const claimed = Number(file?.entries.get("kindPort")?.text) || derivedPort(other);
    if (claimed !== port) continue;
    const entry = file?.entries.get("kindPort");
    const place = file && entry ? ` (${file.path}:${entry.line})` : "";
    faults.setting("kindPort", "setting-kind-port", {
      message: `the kind clusters ${stack} and ${other}${place} both claim port ${port}`,
      fix: "give one of them another: pulumi config set kindPort <port>",
    });
  }
}

function parseExisting(source: ProviderSource): ExistingSettings | undefined {
  const { values, faults, root } = source;
  const given = values.text("kubeconfig");
  const context = values.text("kubeconfigContext");
  if (given === undefined) {
    faults.sentence({
      message: "the provider existing needs a kubeconfig",
      fix: "name it: pulumi config set kubeconfig <path>",
    });
  }
  if (context === undefined) {
    faults.sentence({
      message: "the provider existing needs a context of the kubeconfig",
      fix: "name it: pulumi config set kubeconfigContext <name>",
    });
  }
  if (given === undefined) return undefined;
  const path = absolute(given, root);
  const text = attempt(() => readFileSync(path, "utf8"));
  const contexts = text === undefined ? undefined : contextsOf(text);
  if (text === undefined || contexts === undefined) {
    faults.setting("kubeconfig", "setting-kubeconfig", {
      message: `kubeconfig names ${given}, ${text === undefined ? "which cannot be read" : "which is no kubeconfig"}`,
      fix: "give the path of a kubeconfig, from the root of the checkout",
    });
    return undefined;
  }
  if (context === undefined) return undefined;
  if (!contexts.includes(context)) {
    faults.setting("kubeconfigContext", "setting-kubeconfig-context", {
      message: `${given} has no context "${context}"`,
      fix: offerNames(context, contexts),
    });
    return undefined;
  }
  try {
    const kubeconfig = extractContext(text, context, dirname(path), (file) => readFileSync(file));
    return { kind: "existing", kubeconfig, context };
  } catch (error) {
    faults.setting("kubeconfig", "setting-kubeconfig", {
      message: `${given} names a file that cannot be read (${error instanceof Error ? error.message : String(error)})`,
      fix: "mend the path in the kubeconfig",
    });
    return undefined;
  }
}

function reportEks(source: ProviderSource): void {
  const { faults, values, identity, stack, read } = source;
  const fault = {
    message: "the provider eks is not available yet",
    fix: `bring the cluster up on this machine: onebranch up ${stack} --provider embedded`,
  };
  if (values.isSet("provider")) faults.setting("provider", "setting-provider", fault);
  else {
    const file = clusterFile(identity);
    faults.at(file, lineOfKey(read(file), "provider"), "setting-provider", fault);
  }
}

function checkVersion(source: ProviderSource, possible: readonly string[], otherwise: string): void {
  const { identity, faults, name, read } = source;
  if (possible.includes(identity.kubernetesVersion)) return;
  const file = clusterFile(identity);
  faults.at(file, lineOfKey(read(file), "kubernetesVersion"), "setting-kubernetes-version", {
    message: `kubernetesVersion is ${identity.kubernetesVersion}, which the provider ${name} cannot give`,
    fix: `use ${possible.join(" or ")}${otherwise}`,
  });
}

function clusterFile(identity: Identity): string {
  return `gitops/clusters/${identity.name}/cluster.yaml`;
}

function absolute(path: string, root: string): string {
  if (path === "~" || path.startsWith("~/")) return join(homedir(), path.slice(1));
  return isAbsolute(path) ? path : join(root, path);
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
