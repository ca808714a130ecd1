import * as pulumi from "@pulumi/pulumi";
import { effectiveCapabilities, providerNames } from "../model/providers";
import { Directory } from "../model/directory";
import { readTree, type Tree } from "../model/tree";
import { checkoutRoot } from "./checkout-root";
import { readGit, type GitInfo } from "./git";
import { providerNamed } from "./providers";
import { parseArgoCd } from "./settings/argocd";
import { declarationOf, settingNames } from "./settings/declarations";
import { Faults } from "./settings/faults";
import { fileReader, projectName, readStackFile, type ReadFile } from "./settings/file";
import { findIdentity } from "./settings/identity";
import { parseLifetime } from "./settings/lifetime";
import { isSecretSetting, rejectForeignKeys, rejectPlainSecrets, rejectUnknownKeys } from "./settings/keys";
import { parseInstallation } from "./settings/installation";
import { parseRepository } from "./settings/repository";
import { parseRoles } from "./settings/roles";
import { parseStageSecrets } from "./settings/stage-secrets";
import type { Settings } from "./settings/settings";
import { Values } from "./settings/values";

/** What the settings of a stack are made from. */
export interface SettingsSource {
  stack: string;
  /** The stack's own keys, without `onebranch:`; values as Pulumi hands them over (lists as JSON text). */
  config: Readonly<Record<string, string>>;
  tree: Tree;
  git: GitInfo;
  root: string;
  /** Whether Pulumi has a setting encrypted; absent where Pulumi does not run. */
  isEncrypted?: (key: string) => boolean;
  /** Reads files of the checkout. Default: from `root`. */
  read?: ReadFile;
  /** Default: the time of this machine. */
  now?: Date;
}

/**
 * Checks the settings of a stack against its cluster.yaml.
 * @throws UserError with everything that is wrong, before any resource exists.
 */
export function parseSettings(source: SettingsSource): Settings {
  const { stack, tree, git, root, read = fileReader(root), now = new Date() } = source;
  const faults = new Faults(readStackFile(stack, read));
  faults.add(tree.findings.filter((finding) => finding.severity === "error"));
  rejectUnknownKeys(source.config, faults);
  const values = new Values(source.config, declarationOf, faults);

  // What needs no identity is checked first, so that it is reported together with a missing one.
  const argocd = parseArgoCd(values, faults, read);
  const installation = parseInstallation({ values, faults, host: argocd.host });
  values.reportTypes(settingNames);
  rejectPlainSecrets(source.config, faults, source.isEncrypted);
  const lifetime = parseLifetime(stack, values, faults, now);
  const identity = findIdentity(stack, values, tree, faults);
  const name = values.oneOf("provider", providerNames) ?? identity?.provider;
  if (!identity || !name) {
    faults.throwIfAny();
    throw new Error("a stack without identity went unreported");
  }
  rejectForeignKeys(name, identity.provider, values, faults);
  const room = providerNamed(name);
  const provider = room.parse({ stack, identity, values, faults, tree, root, read, ...(lifetime && { lifetime }) });
  const repository = parseRepository(values, git, faults, () => room.defaultRepository({ git, root, faults }));
  const stage = tree.stages.get(identity.stage);
  const secrets = parseStageSecrets(source.config, faults, room.secretsElsewhere?.(identity.stage));
  const policy = parseRoles({ values, faults, tree, stage: identity.stage });
  faults.throwIfAny();
  if (!stage || !provider || !repository) throw new Error("incomplete settings went unreported");
  return {
    stack,
    root,
    identity: { ...identity, provider: name, capabilities: effectiveCapabilities(identity, name) },
    stage,
    ...(lifetime && { lifetime }),
    registrations: tree.registrations,
    provider,
    repository,
    pollSeconds: values.integer("pollSeconds") ?? room.pollSeconds,
    drainSeconds: values.integer("drainSeconds") ?? 900,
    argocd: { ...argocd, ...(policy !== undefined && { policy }) },
    installation,
    ...(room.secretsElsewhere === undefined && { secrets }),
    dirty: repository.isCheckout ? git.dirty : [],
  };
}

/** The SDK warns of secrets by it, and does not declare it. */
const runtime = pulumi.runtime as typeof pulumi.runtime & { isConfigSecret(key: string): boolean };

/** Reads and checks the settings of the stack that runs now. The only place that asks Pulumi for config. */
export function loadSettings(): Promise<Settings> {
  const config: Record<string, string> = {};
  for (const [key, value] of Object.entries(pulumi.runtime.allConfig())) {
    if (key.startsWith(`${projectName}:`)) config[key.slice(projectName.length + 1)] = value;
  }
  const isEncrypted = (key: string) => runtime.isConfigSecret(`${projectName}:${key}`);
  return readSettings(checkoutRoot(), pulumi.getStack(), config, isEncrypted);
}

/**
 * The settings of a stack of the checkout at `root`, without Pulumi.
 * @param config the stack's keys, without `onebranch:`
 * @param isEncrypted whether Pulumi has a key encrypted; absent where Pulumi does not run
 */
export async function readSettings(
  root: string,
  stack: string,
  config: Readonly<Record<string, string>>,
  isEncrypted?: (key: string) => boolean,
): Promise<Settings> {
  const [tree, git] = [readTree(new Directory(root)), await readGit(root)];
  return parseSettings({ stack, config, tree, git, root, ...(isEncrypted && { isEncrypted }) });
}

/** Names of the settings whose values must never be shown or written to a file: all that are declared, and those of `config`. */
export function secretSettings(config: Readonly<Record<string, string>>): string[] {
  return [...new Set([...settingNames, ...Object.keys(config)])].filter(isSecretSetting);
}
