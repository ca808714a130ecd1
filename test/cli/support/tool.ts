import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterReader } from "../../../cli/stack/cluster/reader";
import type { ObjectReader } from "../../../cli/stack/cluster/objects";
import { run } from "../../../cli/main";
import { homeOf, workDirOf } from "../../../cli/stack/paths";
import type { StackRecord } from "../../../cli/stack/record";
import { FakeCheckout } from "./checkout";
import { application, bootstrap, commit, FakeCluster } from "./fake-cluster";
import { FakePulumi, lockDirectory } from "./fake-pulumi";
import { FakeIo } from "./fake-io";

/** The tool in a checkout of its own, with fakes for Pulumi, clusters and Git. */
export class Tool {
  readonly checkout = new FakeCheckout();
  readonly pulumi = new FakePulumi(this.checkout.root);
  /** By the text of the kubeconfig, which is mostly the stack's name. */
  readonly clusters = new Map<string, ClusterReader>();
  /** Any other cluster; default: one that is Synced and Healthy. */
  anyCluster: ClusterReader | undefined;
  /** What any cluster holds beside what Argo CD has of its own. */
  objects: ObjectReader = { live: async () => undefined, applied: async (object) => object };
  io = new FakeIo(this.checkout.root);
  /** What the branch of every cluster that follows another repository is at; undefined when that does not answer. */
  remoteCommit: string | undefined = commit;

  /** Runs a command line and returns the exit code; what it printed is in `io`. */
  async run(line: string): Promise<number> {
    const words = line.split(" ").slice(1);
    return run(words, this.io, {
      pulumi: () => this.pulumi,
      cluster: (kubeconfig) => this.clusters.get(kubeconfig) ?? this.anyCluster ?? healthyCluster(),
      objects: () => this.objects,
      commitOf: async () => commit,
      remoteCommit: async () => this.remoteCommit,
    });
  }

  /** The same with a fresh output. */
  async again(line: string): Promise<number> {
    const { ask } = this.io;
    this.io = new FakeIo(this.checkout.root);
    this.io.ask = ask;
    this.pulumi.calls.length = 0;
    return this.run(line);
  }

  /** Writes the kubeconfig of an embedded cluster; its text is the stack's name, by which `clusters` knows it. */
  hasKubeconfig(stack: string): void {
    this.checkout.write(`.onebranch/clusters/${stack}/kubeconfig`, stack);
  }

  /** Leaves the record of an earlier run of the tool. */
  hasRecord(stack: string, more: Partial<StackRecord> = {}): void {
    const directory = workDirOf(homeOf(this.checkout.root), stack);
    mkdirSync(directory, { recursive: true });
    const record: StackRecord = {
      provider: "embedded",
      identity: { name: stack, stage: stack, region: "us-east-1", provider: "embedded" },
      kubeconfig: { path: join(this.checkout.root, ".onebranch", "clusters", stack, "kubeconfig") },
      pid: 2 ** 22 + 1,
      start: "gone",
      policies: [],
      ...more,
    };
    writeFileSync(join(directory, "run.json"), JSON.stringify(record));
  }

  /** Locks a stack as Pulumi does. */
  hasLock(stack: string, pid: number, timestamp: Date, hostname: string): string {
    const directory = lockDirectory(this.pulumi.state, stack);
    mkdirSync(directory, { recursive: true });
    const file = join(directory, "1.json");
    writeFileSync(file, JSON.stringify({ pid, username: "ada", hostname, timestamp }));
    return file;
  }
}

export function healthyCluster(): FakeCluster {
  return new FakeCluster([{ applications: [bootstrap(), application("guestbook")] }]);
}
