import type { StateResource } from "../../model/deployment";
import type { Identity } from "../../model/identity";
import type { Lifetime } from "../../model/lifetime";
import type { ProviderName } from "../../model/providers";
import type { Tree } from "../../model/tree";
import type { ArgoCdHandle, ArgoCdRequest } from "../argocd/handle";
import type { ClusterHandle } from "../cluster/handle";
import type { LocalResources } from "../dynamic/implementation";
import type { GitInfo } from "../git";
import type { SettingDeclarations } from "../settings/declaration";
import type { Faults } from "../settings/faults";
import type { ReadFile } from "../settings/file";
import type { ProviderSettings, Settings } from "../settings/settings";
import type { Values } from "../settings/values";
import type { Part } from "./embedded/toolchain";

/**
 * A place that clusters come from: all that the program and the tool do differently for it. A new one is a folder here, a line in
 * registry.ts, and the facts that the tool needs too in model/providers.ts.
 *
 * It is loaded in every run, so whatever takes long to load is loaded when it is called.
 */
export interface Provider<P extends ProviderSettings = ProviderSettings> {
  readonly name: ProviderName;
  /** The settings that mean something for this provider alone. */
  readonly settings: SettingDeclarations;
  /** Whether Argo CD is installed from the official chart, so that the settings of the chart count. */
  readonly usesChart: boolean;
  /** Seconds between two looks of Argo CD at the repository where nothing is set. */
  readonly pollSeconds: number;
  /** Whether `destroy` empties the cluster first: it stays, or what is in it owns something outside. */
  readonly drains: boolean;
  /** Where the secrets for the applications of a stage are, when a stack does not hold them itself. */
  secretsElsewhere?(stage: string): string;
  /** Parts of the toolchain that its clusters need besides those of every run. */
  readonly parts: readonly Part[];
  /** Resources of its own that this checkout implements. */
  readonly localResources: LocalResources;

  /** The settings of a stack; `undefined` when something needed for them is wrong and was reported. */
  parse(source: ProviderSource): P | undefined;
  /** The repository that Argo CD follows where none is set; `undefined` when there is none and that was reported. */
  defaultRepository(source: RepositorySource): string | undefined;
  /** What a person should know about the cluster that this provider makes of the settings. */
  warnings?(settings: Settings<P>): readonly (string | undefined)[];
  /**
   * Looks whether this machine can make or keep the cluster. Never called for a preview.
   * @throws UserError before any resource exists
   */
  checkMachine?(settings: Settings<P>): Promise<void>;
  /** What the program makes with this provider. */
  resources(): ProviderResources<P>;
  /** The file with which people and the tool reach the cluster, and the context in it when it is not the current one. */
  kubeconfig(settings: Settings<P>): { path: string; context?: string };
  /**
   * Removes what a killed run left half made and the next one could neither take over nor delete. Gives what the next one can take
   * over, as entries of the state that Pulumi has to read first.
   */
  recover?(killed: KilledRun): Promise<readonly StateResource[]>;
  /** Removes what this machine has of a cluster that no state knows of. */
  removeLeftovers?(root: string, stack: string): Promise<void>;
}

/** The part of a provider that loads Pulumi's packages. */
export interface ProviderResources<P extends ProviderSettings = ProviderSettings> {
  /** Makes or reaches the cluster. */
  makeCluster(settings: Settings<P>): ClusterHandle;
  /** Puts Argo CD into it. */
  installArgoCd(request: ArgoCdRequest<P>): ArgoCdHandle;
}

/** What the settings of a provider are made from. */
export interface ProviderSource<Own extends string = string> {
  stack: string;
  identity: Identity;
  /** Of an ephemeral stack. */
  lifetime?: Lifetime;
  values: Values<Own>;
  faults: Faults;
  tree: Tree;
  root: string;
  read: ReadFile;
}

/** What a default repository is made from. */
export interface RepositorySource {
  git: GitInfo;
  root: string;
  faults: Faults;
}

/** What a killed run was making, and what the state has. */
export interface KilledRun {
  root: string;
  stack: string;
  /** Resources whose creation was cut off. */
  pending: readonly StateResource[];
  /** Resources that the state knows. */
  known: readonly StateResource[];
}
