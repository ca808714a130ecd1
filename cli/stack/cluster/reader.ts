import type { KnownPolicy } from "../pulumi";

/** What an Application deploys from: a chart of a registry, or a directory of a repository. */
export interface Source {
  repoURL?: string;
  chart?: string;
  path?: string;
  targetRevision?: string;
}

/** A sync that succeeded. */
export interface Deployment {
  at: Date;
  revisions: readonly string[];
  sources: readonly Source[];
}

/** An Argo CD Application, as far as the tool looks at it. */
export interface Application {
  name: string;
  /** `Synced`, `OutOfSync` or `Unknown`. */
  sync: string;
  health: string;
  /** The commit it was compared at; undefined while it was not. For several sources, all of them. */
  revisions: readonly string[];
  /** False while its status speaks of an older source than its specification names. */
  current: boolean;
  /** Name of the ApplicationSet that made it. */
  madeBy?: string;
  /** The repository and revision that it follows; the last of several sources. */
  follows?: { repoURL: string; revision: string };
  /** Argo CD was asked to look again and has not yet done so. */
  refreshing: boolean;
  /** It has a deletion timestamp. */
  deleting: boolean;
  /** An operation was asked for and has not ended; between two attempts of a sync too. */
  operating: boolean;
  /** Phase of the last sync operation, such as `Running`, `Succeeded` or `Failed`. */
  phase?: string;
  /** What the last operation says. */
  message: string;
  healthMessage: string;
  conditions: readonly Condition[];
  /** Its resources that are not Synced or not Healthy. */
  troubles: readonly { kind: string; name: string; sync: string; health: string; message: string }[];
  /** What Argo CD put back last, because somebody had changed it in the cluster. */
  healed?: { at: string; resources: readonly { kind: string; name: string }[] };
  /** What it deploys from, as its specification says now. */
  sources: readonly Source[];
  /** Its namespace in the cluster. */
  namespace?: string;
  /** Since when it has its health; undefined where Argo CD does not say. */
  healthSince?: Date;
  /** Its syncs, the oldest one first. Argo CD keeps the last ten. */
  history: readonly Deployment[];
  /** The revisions of the last operation, and how often Argo CD has tried it again. */
  operation?: { revisions: readonly string[]; retries: number };
  /** ApplicationSets among its resources. */
  applicationSets: readonly string[];
}

/** An ApplicationSet, as far as the tool looks at it. */
export interface ApplicationSet {
  name: string;
  /** The controller was asked to generate again and has not yet done so. */
  refreshing: boolean;
  /** True once the controller has generated everything without an error. */
  upToDate: boolean;
  /** What went wrong when it generated; undefined when nothing did. */
  error?: string;
}

export interface Condition {
  type: string;
  message: string;
}

/** An ExternalSecret that has not got what it wants. */
export interface WaitingSecret {
  namespace: string;
  name: string;
  /** The Application that made it, where Argo CD says so. */
  application?: string;
  /** What external-secrets says. */
  message: string;
  /** What it names: an entry of the store, and a property of that, which may be empty. */
  wanted: readonly { store: string; property: string }[];
}

/** The Secret of an ExternalSecret that was filled. */
export interface FilledSecret {
  namespace: string;
  name: string;
  /** The Application that asked for it, where Argo CD says so. */
  application?: string;
}

/** A Secret whose values changed, and the pods whose processes have older ones. */
export interface OldSecret extends FilledSecret {
  changed: Date;
  pods: readonly string[];
}

/** Something that Kubernetes warns of. */
export interface Warning {
  kind: string;
  name: string;
  reason: string;
  message: string;
  at: Date;
}

/** What the tool asks a cluster; every method throws when the cluster does not answer. */
export interface ClusterReader {
  applications(): Promise<Application[]>;
  applicationSets(): Promise<ApplicationSet[]>;
  /** Asks Argo CD to compare an Application with Git now. */
  refreshApplication(name: string): Promise<void>;
  /** Asks the controller to generate an ApplicationSet's Applications from Git now. */
  refreshApplicationSet(name: string): Promise<void>;
  /** Ends the running operation of an Application, as `argocd app terminate-op` does. */
  endOperation(name: string): Promise<void>;
  /** Makes Argo CD forget the failed sync of an Application, so that its own sync policy starts the next one. */
  retrySync(name: string): Promise<void>;
  /** What the objects say of themselves that the message of an Application's health names; nothing where they cannot be read. */
  ownWords(healthMessage: string): Promise<string[]>;
  /** What Kubernetes warns of in a namespace, the newest one last. */
  warnings(namespace: string): Promise<Warning[]>;
  /** The first password of Argo CD's own user; undefined when its Secret was deleted. */
  firstPassword(): Promise<string | undefined>;
  /** What every ExternalSecret waits for or has filled; nothing where external-secrets is not installed. */
  externalSecrets(): Promise<{ waiting: WaitingSecret[]; filled: FilledSecret[] }>;
  /** Those of some Secrets that changed after a process got its environment from them. */
  oldSecrets(filled: readonly FilledSecret[]): Promise<OldSecret[]>;
  /** The keys that the stack has as secrets for its applications; undefined where it keeps none in the cluster. */
  stageSecretKeys(): Promise<string[] | undefined>;
  /** Every admission policy and binding of some kinds; an older Kubernetes does not have all kinds. */
  policies(kinds: readonly string[]): Promise<KnownPolicy[]>;
}
