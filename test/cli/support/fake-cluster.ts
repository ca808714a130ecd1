import type { KnownPolicy } from "../../../cli/stack/pulumi";
import type {
  Application,
  ApplicationSet,
  ClusterReader,
  OldSecret,
  WaitingSecret,
  Warning,
} from "../../../cli/stack/cluster/reader";

export const commit = "0123456789abcdef0123456789abcdef01234567";
export const olderCommit = "fedcba9876543210fedcba9876543210fedcba98";

/** A Synced and Healthy Application at `commit`, with what is different about it. */
export function application(name: string, more: Partial<Application> = {}): Application {
  return {
    name,
    sync: "Synced",
    health: "Healthy",
    revisions: [commit],
    current: true,
    madeBy: "components",
    refreshing: false,
    deleting: false,
    operating: false,
    phase: "Succeeded",
    message: "successfully synced (all tasks run)",
    healthMessage: "",
    conditions: [],
    troubles: [],
    sources: [],
    history: [],
    applicationSets: [],
    ...more,
  };
}

export function bootstrap(more: Partial<Application> = {}): Application {
  return application("bootstrap", { madeBy: "root", applicationSets: ["components"], ...more });
}

export function applicationSet(name: string, more: Partial<ApplicationSet> = {}): ApplicationSet {
  return { name, refreshing: false, upToDate: true, ...more };
}

/** A cluster that shows one look after the other and stays at the last; a look may also be an error. */
export class FakeCluster implements ClusterReader {
  /** What was asked of it, in order. */
  readonly calls: string[] = [];
  private at = -1;

  constructor(private readonly looks: readonly (Error | { applications: Application[]; sets?: ApplicationSet[] })[]) {}

  private get look() {
    const look = this.looks[Math.min(this.at, this.looks.length - 1)]!;
    if (look instanceof Error) throw look;
    return look;
  }

  async applications(): Promise<Application[]> {
    this.at++;
    return this.look.applications;
  }

  async applicationSets(): Promise<ApplicationSet[]> {
    return this.look.sets ?? [applicationSet("root"), applicationSet("components")];
  }

  readonly written: KnownPolicy[] = [];
  /** By namespace. */
  readonly events = new Map<string, Warning[]>();

  async warnings(namespace: string): Promise<Warning[]> {
    return this.events.get(namespace) ?? [];
  }

  /** What objects say of themselves. */
  words: string[] = [];

  async ownWords(): Promise<string[]> {
    return this.words;
  }

  /** Of Argo CD's own user. */
  password: string | undefined = "first-password";

  async firstPassword(): Promise<string | undefined> {
    return this.password;
  }

  readonly waiting: WaitingSecret[] = [];
  /** Of the stack's secrets. */
  keys: string[] | undefined = [];

  async externalSecrets(): ReturnType<ClusterReader["externalSecrets"]> {
    return { waiting: this.waiting, filled: [] };
  }

  readonly old: OldSecret[] = [];

  async oldSecrets(): Promise<OldSecret[]> {
    return this.old;
  }

  async stageSecretKeys(): Promise<string[] | undefined> {
    return this.keys;
  }

  async policies(kinds: readonly string[]): Promise<KnownPolicy[]> {
    return this.written.filter(({ kind }) => kinds.includes(kind));
  }

  async refreshApplication(name: string): Promise<void> {
    this.calls.push(`refresh ${name}`);
  }

  async refreshApplicationSet(name: string): Promise<void> {
    this.calls.push(`generate ${name}`);
  }

  async endOperation(name: string): Promise<void> {
    this.calls.push(`end ${name}`);
  }

  async retrySync(name: string): Promise<void> {
    this.calls.push(`retry ${name}`);
  }
}
