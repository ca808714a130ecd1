import type { EngineEvent } from "@pulumi/pulumi/automation";
import type { StateResource } from "../../model/deployment";
import type { Lifetime } from "../../model/lifetime";

/** What the program makes of a stack's config, after everything in it was checked. */
export interface CheckedSettings {
  provider: string;
  /** The identity that the cluster gets. */
  identity: { name: string; stage: string; ring?: string; region: string; provider: string };
  /** Of an ephemeral stack. */
  lifetime?: Lifetime;
  /** Keys of the config whose values are secret. */
  secretKeys: readonly string[];
  /** What a person should know before the run. */
  warnings: readonly string[];
  /** Git revision that Argo CD follows. */
  revision: string;
  /** The kubeconfig file to reach the cluster with, and the context when it is not the file's current one. */
  kubeconfig: { path: string; context?: string };
  /** The admission policies and bindings that the cluster gets. */
  policies: readonly KnownPolicy[];
  /** True when Argo CD follows this checkout itself, so that the commit it must reach is known here. */
  followsCheckout: boolean;
}

/** An admission policy, or a binding of one, and the digest of its specification. */
export interface KnownPolicy {
  kind: string;
  name: string;
  digest: string;
}

/** A stack as it is asked for. */
export interface StackRequest {
  root: string;
  stack: string;
  /** Plain values by project key, without the `onebranch:` prefix. */
  config: Readonly<Record<string, string>>;
}

/** How one Pulumi run is watched and stopped. */
export interface RunOptions {
  onEvent(event: EngineEvent): void;
  /** Asks Pulumi to stop after the steps that run now. */
  signal: AbortSignal;
  /** Ends Pulumi at once. */
  kill: AbortSignal;
}

/** Everything that the stack verbs need from Pulumi and from the program; the tests put a fake in its place. */
export interface Pulumi {
  /** Checks the settings as the program itself does; throws a UserError with every finding. */
  check(request: StackRequest): Promise<CheckedSettings>;
  /** Makes the binaries that the provider needs available. */
  prepare(options: PrepareOptions): Promise<Prepared>;
  open(options: OpenOptions): Promise<PulumiStack>;
  /** Names of the project's stacks in a backend. */
  list(options: ListOptions): Promise<string[]>;
  /** Removes what this machine has of a cluster that no stack's state knows of. */
  removeLeftovers(root: string, stack: string): Promise<void>;
  /**
   * Removes what a killed run left half made and the next one could neither take over nor delete. Gives what it can take over, as
   * entries of the state that have to be refreshed.
   */
  recover(options: RecoverOptions): Promise<readonly StateResource[]>;
}

export interface Prepared {
  /** directories for PATH */
  path: string[];
  /** Builds what other verbs need; only there on a machine that had to build something for this run, and for after its work. */
  complete?: () => Promise<void>;
}

export interface PrepareOptions {
  root: string;
  /** Undefined: unknown; then only what every provider needs is prepared. */
  provider: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  /** Says how the preparation goes; a passing line is about what still runs. */
  report(line: string, passing: boolean): void;
  signal: AbortSignal;
}

export interface RecoverOptions {
  root: string;
  stack: string;
  /** Resources whose creation was cut off. */
  pending: readonly StateResource[];
  /** Resources that the state knows. */
  known: readonly StateResource[];
}

export interface ListOptions {
  /** A directory with Pulumi.yaml. */
  workDir: string;
  env: Readonly<Record<string, string>>;
}

export interface OpenOptions {
  root: string;
  stack: string;
  workDir: string;
  env: Readonly<Record<string, string>>;
  /** True when the stack is known to exist, which saves asking the CLI. */
  known: boolean;
}

/** One stack of Pulumi. Failures are errors whose message holds the CLI's own output. */
export interface PulumiStack {
  /** Makes the stack when it does not exist yet. */
  create(): Promise<void>;
  /** Whether the stack exists in the backend. */
  exists(): Promise<boolean>;
  setSecret(key: string, value: string): Promise<void>;
  up(run: RunOptions): Promise<Record<string, unknown>>;
  preview(run: RunOptions): Promise<void>;
  destroy(run: RunOptions): Promise<void>;
  remove(): Promise<void>;
  cancel(): Promise<void>;
  /** The deployment as JSON text, secrets still encrypted. */
  exportState(): Promise<string>;
  /** The same with the secrets in plain text: never to be written or shown. */
  exportPlain(): Promise<string>;
  importState(file: string): Promise<void>;
  /** Compares the state with what the providers find, and changes neither. */
  previewRefresh(run: RunOptions): Promise<void>;
  /** Reads some resources again; those that are not there leave the state. */
  refresh(urns: readonly string[]): Promise<void>;
  /** The outputs in plain text, secrets included. */
  outputs(): Promise<Readonly<Record<string, unknown>>>;
}
