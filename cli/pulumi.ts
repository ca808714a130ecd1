import { createRequire } from "node:module";
import program from "../infra";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { docker } from "../infra/providers/kind/docker";
import { prepareKind } from "../infra/providers/kind/files";
import { readSettings, secretSettings, type Settings } from "../infra/config";
import {
  ensureToolchain,
  formatProgress,
  StoppedError,
  ToolchainError,
  type Part,
} from "../infra/providers/embedded/toolchain";
import { clusterPaths } from "../infra/providers/embedded/runtime/directory";
import { failure } from "./terminal/fail";
import type { CheckedSettings, Pulumi, PrepareOptions, RecoverOptions, StackRequest } from "./stack/pulumi";
import { openStack } from "./stack/workspace";

const load = createRequire(__filename);

/** The Pulumi program of this repository and what it needs, as the verbs use them: the one door from cli/ to infra/. */
export const pulumi: Pulumi = {
  check,
  prepare,
  open: (options) => openStack(options, program),
  async removeLeftovers(root, stack) {
    const runtime = load("../infra/providers/embedded/runtime") as typeof import("../infra/providers/embedded/runtime");
    if (await runtime.clusterExists(root, stack)) await runtime.removeCluster(root, stack);
  },
  recover,
};

/** kind refuses the name of containers that it made in a killed run, and Pulumi does not know them. */
async function recover({ root, stack, pending, known }: RecoverOptions): Promise<void> {
  for (const { type, inputs } of pending) {
    if (type !== "kind:index/cluster:Cluster" || typeof inputs?.name !== "string") continue;
    await prepareKind({ stack, clusterName: inputs.name }, root, docker, () => Promise.resolve([...known]));
  }
}

async function check({ root, stack, config }: StackRequest): Promise<CheckedSettings> {
  const settings = await readSettings(root, stack, config);
  const { identity, provider, repository, dirty } = settings;
  return {
    provider: provider.kind,
    identity: { name: stack, stage: identity.stage, region: identity.region, provider: provider.kind },
    secretKeys: secretSettings,
    dirty,
    revision: repository.revision,
    followsCheckout: repository.url.startsWith("file:"),
    kubeconfig: kubeconfigOf(settings, config),
  };
}

function kubeconfigOf(
  { root, stack, provider }: Settings,
  config: StackRequest["config"],
): CheckedSettings["kubeconfig"] {
  switch (provider.kind) {
    case "embedded":
      return { path: clusterPaths(stack, root).kubeconfig };
    case "kind":
      return { path: provider.kubeconfigPath };
    case "existing":
      return {
        path: resolve(root, (config.kubeconfig ?? "").replace(/^~(?=\/|$)/, homedir())),
        context: provider.context,
      };
    case "eks":
      return { path: join(root, ".onebranch", "eks", stack) };
    default:
      return provider satisfies never;
  }
}

/** What has to be on this machine for a provider. */
const parts: Readonly<Record<string, readonly Part[]>> = {
  embedded: ["cluster", "argocd", "kubernetes", "pulumi", "random"],
};

async function prepare({ provider, env, report, signal }: PrepareOptions): Promise<string[]> {
  try {
    const { bin } = await ensureToolchain({
      parts: parts[provider] ?? ["kubernetes", "pulumi", "random"],
      env: { ...env },
      signal,
      progress: (event) => {
        if (event.state !== "cached" && event.state !== "installed")
          report(formatProgress(event), event.state === "running");
      },
    });
    return [bin];
  } catch (error) {
    if (error instanceof StoppedError) signal.throwIfAborted();
    if (error instanceof ToolchainError) throw failure(error.message, error);
    throw error;
  }
}
