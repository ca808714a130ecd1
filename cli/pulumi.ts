import program from "../infra";
import { readSettings, secretSettings } from "../infra/config";
import { policyObjects } from "../infra/identity/objects";
import { withPulumi } from "../infra/state";
import { allProviders, providerOf } from "../infra/providers";
import {
  ensureToolchain,
  exposedByArgoCd,
  formatBuildEvent,
  isPassing,
  programParts,
  StoppedError,
  ToolchainError,
  type Part,
} from "../infra/providers/embedded/toolchain";
import { warningsOf } from "../infra/warnings";
import type { StateResource } from "../model/deployment";
import { digestOf } from "../model/stored";
import { failure } from "./terminal/fail";
import type { CheckedSettings, Prepared, Pulumi, PrepareOptions, StackRequest } from "./stack/pulumi";
import { listStacks, openStack } from "./stack/workspace";

/** The Pulumi program of this repository and what it needs, as the verbs use them: the one door from cli/ to infra/. */
export const pulumi: Pulumi = {
  check,
  prepare,
  open: (options) => openStack(options, () => withPulumi(options.env, program)),
  list: listStacks,
  async removeLeftovers(root, stack) {
    for (const provider of allProviders) await provider.removeLeftovers?.(root, stack);
  },
  async recover(killed) {
    const found: StateResource[] = [];
    for (const provider of allProviders) found.push(...((await provider.recover?.(killed)) ?? []));
    return found;
  },
};

async function check({ root, stack, config }: StackRequest): Promise<CheckedSettings> {
  const settings = await readSettings(root, stack, config);
  const { identity, repository } = settings;
  const room = providerOf(settings);
  const provider = room.name;
  return {
    provider,
    identity: {
      ...{ name: stack, stage: identity.stage, region: identity.region, provider },
      ...(identity.ring !== undefined && { ring: identity.ring }),
    },
    ...(settings.lifetime && { lifetime: settings.lifetime }),
    secretKeys: secretSettings(config),
    warnings: warningsOf(settings),
    revision: repository.revision,
    policies: policyObjects(settings).map(({ kind = "", metadata, spec }) => {
      return { kind, name: metadata?.name ?? "", digest: digestOf(spec) };
    }),
    followsCheckout: repository.url.startsWith("file:"),
    kubeconfig: room.kubeconfig(settings),
  };
}

async function prepare({ provider, env, report, signal }: PrepareOptions): Promise<Prepared> {
  const own = allProviders.find(({ name }) => name === provider)?.parts ?? [];
  let builds = false as boolean;
  const ensure = async (parts: readonly Part[]) => {
    try {
      return await ensureToolchain({
        parts,
        env: { ...env },
        signal,
        onEvent(event) {
          builds ||= event.state === "plan";
          if (event.state !== "cached" && event.state !== "installed")
            report(formatBuildEvent(event), isPassing(event));
        },
      });
    } catch (error) {
      if (error instanceof StoppedError) signal.throwIfAborted();
      if (error instanceof ToolchainError) throw failure(error.message, error);
      throw error;
    }
  };
  const { bin, runBin } = await ensure([...own, ...programParts]);
  const exposed = own.includes("argocd") ? await exposedByArgoCd(bin) : undefined;
  if (exposed !== undefined) report(`warning: ${exposed}`, false);
  const complete = async () => void (await ensure(["renderer"]));
  return { path: [runBin, bin], ...(builds && { complete }) };
}
