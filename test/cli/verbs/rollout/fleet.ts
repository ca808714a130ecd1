import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../../cli/main";
import { realServices } from "../../../../cli/services";
import type { Application, ApplicationSet, ClusterReader } from "../../../../cli/stack/cluster/reader";
import { homeOf, workDirOf } from "../../../../cli/stack/paths";
import type { StackRecord } from "../../../../cli/stack/record";
import { addRingTree } from "../../../support/fixtures";
import { application, applicationSet, FakeCluster } from "../../support/fake-cluster";
import { FakeIo } from "../../support/fake-io";
import { TreeRepo, type Said } from "../../support/tree-repo";

/** An hour of the clock of the tests, of 2026-03-04. */
export const at = (time: string): Date => new Date(`2026-03-04T${time}:00Z`);

/** What an Application of orders is like in a fleet at rest. */
export const good = (repo: TreeRepo, version: string, more: Partial<Application> = {}): Application => {
  const sources = [{ repoURL: "file:///tree", path: `gitops/charts/web/${version}`, targetRevision: "main" }];
  return application("orders", {
    revisions: [repo.head()],
    sources,
    namespace: "orders",
    healthSince: at("02:00"),
    history: [{ at: at("01:00"), revisions: [repo.head()], sources }],
    follows: { repoURL: "file:///tree", revision: "main" },
    ...more,
  });
};

/** The tree with rings, and clusters that stand in for those of its stages. */
export class Fleet extends TreeRepo {
  readonly clusters = new Map<string, ClusterReader>();
  io = new FakeIo(this.root);

  constructor() {
    super(addRingTree);
    writeFileSync(join(this.root, ".git", "info", "exclude"), ".onebranch\n");
  }

  /** A cluster that answers with these looks, one after the other. */
  answers(name: string, ...looks: (Error | Application[])[]): FakeCluster {
    const sets = [applicationSet("root"), applicationSet("components")];
    const cluster = new FakeCluster(looks.map((look) => (look instanceof Error ? look : { applications: look, sets })));
    this.has(name, cluster);
    return cluster;
  }

  has(name: string, cluster: ClusterReader, followsCheckout = true): void {
    this.clusters.set(name, cluster);
    const directory = workDirOf(homeOf(this.root), name);
    mkdirSync(directory, { recursive: true });
    const kubeconfig = join(directory, "kubeconfig");
    writeFileSync(kubeconfig, name);
    const record: StackRecord = {
      ...{ provider: "embedded", identity: { name, stage: "prod", region: "eu-west-1", provider: "embedded" } },
      ...{ kubeconfig: { path: kubeconfig }, followsCheckout, pid: 2 ** 22 + 1, start: "gone" },
    };
    writeFileSync(join(directory, "run.json"), JSON.stringify(record));
  }

  /** A cluster whose Argo CD follows the branch at once. */
  follows(name: string, ring: string): Following {
    const cluster = new Following(this, ring);
    this.has(name, cluster);
    return cluster;
  }

  override async run(...words: string[]): Promise<Said> {
    const io = new FakeIo(this.root);
    io.env = { ...process.env };
    io.date = () => this.io.today;
    io.whileAsleep = this.io.whileAsleep;
    const services = { ...realServices, cluster: (kubeconfig: string) => this.clusters.get(kubeconfig)! };
    const code = await run(words, io, services);
    return { code, out: io.stdout, err: io.stderr };
  }
}

/** What a cluster shows while it follows the branch: its Application of orders, as the newest commit has it. */
export class Following extends FakeCluster {
  /** Image tags that never become Healthy. */
  bad: string[] = [];
  /** What happens at a look; the cluster may be down then. */
  atLook: () => void = () => undefined;
  /** What is different about the Application. */
  more: Partial<Application> = {};
  /** Each tag that it had. */
  readonly had: string[] = [];

  constructor(
    private readonly repo: TreeRepo,
    private readonly ring: string,
  ) {
    super([{ applications: [] }]);
  }

  override applicationSets(): Promise<ApplicationSet[]> {
    return Promise.resolve([applicationSet("root"), applicationSet("components")]);
  }

  override async applications(): Promise<Application[]> {
    this.atLook();
    const stage = "gitops/apps/orders/stages/prod";
    const show = (path: string) => this.repo.git("show", `HEAD:${path}`);
    const there = this.repo.git("ls-tree", "-r", "--name-only", "HEAD", "--", stage).split("\n");
    const ofRing = `${stage}/rings/${this.ring}/pin.yaml`;
    const pin = show(there.includes(ofRing) ? ofRing : `${stage}/pin.yaml`);
    const value = (key: string) => new RegExp(`^\\s*${key}: (\\S+)$`, "m").exec(pin)![1]!;
    const tag = value("tag");
    if (this.had.at(-1) !== tag) this.had.push(tag);
    const health = this.bad.includes(tag)
      ? {
          health: "Degraded",
          troubles: [
            { kind: "Deployment", name: "orders", sync: "Synced", health: "Degraded", message: "no progress" },
          ],
        }
      : {};
    return [good(this.repo, value("version"), { ...health, ...this.more })];
  }
}
