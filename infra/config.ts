import * as pulumi from "@pulumi/pulumi";
import { effectiveCapabilities } from "../model/capabilities";
import type { Identity } from "../model/identity";
import { readTree, type Stage, type Tree } from "../model/tree";
import { readGit, type GitInfo } from "./git";
import { declarationOf, settingNames } from "./settings/declarations";
import { parseArgoCd, type ArgoCdChoice } from "./settings/argocd";
import { Faults } from "./settings/faults";
import { fileReader, readStackFile, type ReadFile } from "./settings/file";
import { findIdentity } from "./settings/identity";
import { rejectForeignKeys, rejectPlainSecrets, rejectUnknownKeys } from "./settings/keys";
import { parseProvider, type ProviderSettings } from "./settings/provider";
import { defaultPoll, parseRepository, type RepositorySettings } from "./settings/repository";
import { Values } from "./settings/values";

/** The one name of the project, as in Pulumi.yaml: settings are `onebranch:<name>`. */
export const projectName = "onebranch";

/** Everything the program needs to know, checked. Nothing else of it reads config, Git or the tree. */
export interface Settings {
  /** Name of the stack, which is the cluster's name as infrastructure (processes, containers, directories). */
  stack: string;
  /** Root of the checkout. */
  root: string;
  /** Who the cluster is in gitops/; `provider` and `capabilities` are the effective ones. */
  identity: Identity;
  stage: Stage;
  provider: ProviderSettings;
  /** What Argo CD follows. */
  repository: RepositorySettings;
  /** Seconds between two looks at the repository. */
  pollSeconds: number;
  argocd: ArgoCdChoice;
  /** Changed paths that Argo CD will not see; empty when it does not follow this checkout. */
  dirty: readonly string[];
}

/** What the settings of a stack are made from. */
export interface SettingsSource {
  stack: string;
  /** The stack's own keys, without `onebranch:`; values as Pulumi hands them over (lists as JSON text). */
  config: Readonly<Record<string, string>>;
  tree: Tree;
  git: GitInfo;
  root: string;
  /** Reads files of the checkout. Default: from `root`. */
  read?: ReadFile;
}

/**
 * Checks the settings of a stack against its cluster.yaml.
 * @throws UserError with everything that is wrong, before any resource exists.
 */
export function parseSettings(source: SettingsSource): Settings {
  const { stack, tree, git, root, read = fileReader(root) } = source;
  const stackFile = readStackFile(projectName, stack, read);
  const faults = new Faults(stackFile);
  faults.add(tree.findings.filter((finding) => finding.severity === "error"));
  rejectUnknownKeys(source.config, faults);
  const values = new Values(source.config, faults);

  // What needs no identity is checked first, so that it is reported together with a missing one.
  const argocd = parseArgoCd(values, faults, read);
  const pollSeconds = values.integer("pollSeconds", 1, 3600);
  const kindPort = values.integer("kindPort", 1024, 65535);
  rejectPlainSecrets(faults);
  const identity = findIdentity(stack, values, tree, faults);
  const name = values.oneOf("provider", ["embedded", "kind", "existing", "eks"]) ?? identity?.provider;
  if (!identity || !name) {
    faults.throwIfAny();
    throw new Error("a stack without identity went unreported");
  }
  rejectForeignKeys(name, identity.provider, values, faults);
  const project = projectName;
  const provider = parseProvider({ name, project, stack, identity, values, kindPort, faults, tree, root, read });
  const repository = parseRepository(name, values, git, root, faults);
  const stage = tree.stages.get(identity.stage);
  faults.throwIfAny();
  if (!stage || !provider || !repository) throw new Error("incomplete settings went unreported");
  return {
    stack,
    root,
    identity: { ...identity, provider: name, capabilities: effectiveCapabilities(identity, name) },
    stage,
    provider,
    repository,
    pollSeconds: pollSeconds ?? defaultPoll(name),
    argocd,
    dirty: repository.isCheckout ? git.dirty : [],
  };
}

/** Reads and checks the settings of the stack that runs now. The only place that asks Pulumi for config. */
export function loadSettings(): Promise<Settings> {
  const config: Record<string, string> = {};
  for (const [key, value] of Object.entries(pulumi.runtime.allConfig())) {
    if (key.startsWith(`${projectName}:`)) config[key.slice(projectName.length + 1)] = value;
  }
  return readSettings(process.env.ONEBRANCH_ROOT || process.cwd(), pulumi.getStack(), config);
}

/**
 * The settings of a stack of the checkout at `root`, without Pulumi.
 * @param config the stack's keys, without `onebranch:`
 */
export async function readSettings(
  root: string,
  stack: string,
  config: Readonly<Record<string, string>>,
): Promise<Settings> {
  return parseSettings({ stack, config, tree: readTree(root), git: await readGit(root), root });
}

/** Names of the settings whose values must never be shown or stand in a file. */
export const secretSettings: readonly string[] = settingNames.filter((name) => declarationOf(name).secret);
