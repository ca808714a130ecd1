import * as pulumi from "@pulumi/pulumi";
import { installArgoCd } from "./argocd";
import { seedRoot } from "./argocd/root";
import { loadSettings } from "./config";
import { drainBeforeDestroy } from "./drain";
import { writeIdentity } from "./identity";
import { askBeforeRemoval } from "./identity/confirmation";
import { proveIdentity } from "./identity/proof";
import { writeLifetime } from "./lifetime";
import { outputsOf, type Outputs } from "./outputs";
import { providerOf } from "./providers";
import { restoreChanged } from "./restoration";
import { writeStageSecrets } from "./secrets";
import type { Settings } from "./settings/settings";
import { warningsOf } from "./warnings";

/**
 * What one run does: settings, a look at this machine, the stack.
 * @throws UserError with everything that is wrong with the settings, before any resource exists.
 */
export async function program(): Promise<Outputs> {
  const settings = await loadSettings();
  // The tool shows them before; a `pulumi up` without the tool has only this.
  for (const warning of warningsOf(settings)) await pulumi.log.warn(warning);
  if (!pulumi.runtime.isDryRun()) await providerOf(settings).checkMachine?.(settings);
  return makeStack(settings);
}

/** One stack: cluster, identity, Argo CD, root ApplicationSet. From there Git decides; nothing new comes after the root. */
export function makeStack(settings: Settings): Outputs {
  writeLifetime(settings);
  const cluster = providerOf(settings).resources().makeCluster(settings);
  const identity = writeIdentity(settings, cluster);
  writeStageSecrets(settings, cluster);
  const asking = askBeforeRemoval(settings, cluster);
  const argoCd = installArgoCd(settings, cluster, identity);
  const proof = proveIdentity(settings, cluster, identity, argoCd.resource);
  const root = seedRoot(settings, cluster, [argoCd.resource, proof, ...asking]);
  restoreChanged(settings, cluster, argoCd, [...identity.policies, ...asking, root]);
  drainBeforeDestroy(settings, cluster, [argoCd.resource, root]);
  return outputsOf(settings, cluster, argoCd);
}
