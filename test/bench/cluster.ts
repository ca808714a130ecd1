import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Checkout } from "../e2e/support/checkout";
import { Cluster } from "../e2e/support/cluster";
import { eventually } from "../e2e/support/eventually";
import { processesOf } from "../e2e/support/leftovers";
import { seconds } from "./measure";
import { setting, type ClusterResult, type Figure } from "./result";

/** Seconds after which a cluster counts as idle. */
const idle = 20;

/** Writes of which the mean is taken; those that Argo CD makes meanwhile are few. */
const judgedWrites = 100;

/** Times what a user waits for on an embedded cluster. */
export async function benchCluster(rounds: number, progress: (text: string) => void): Promise<ClusterResult> {
  const figures: Figure[] = [
    { what: "`up dev` on embedded, until Synced and Healthy", unit: "s", budget: 8, values: [] },
    { what: "second `up`, nothing changed", unit: "s", budget: 1.5, values: [] },
    { what: "commit until synced", unit: "s", budget: 3, values: [] },
    {
      what: "repair of a pin that is not YAML, until the ApplicationSets generate again",
      unit: "s",
      budget: 30,
      values: [],
    },
    { what: "admission policies, for one write of an Application", unit: "ms", budget: 2, values: [] },
    { what: "memory of one idle cluster with its Argo CD", unit: "GiB", budget: 0.7, values: [] },
    { what: "`destroy`", unit: "s", budget: 1, values: [] },
  ];
  const [up, again, commit, repair, admission, memory, destroy] = figures as [
    ...[Figure, Figure, Figure, Figure, Figure, Figure, Figure],
  ];
  const record = (figure: Figure, value: number) => {
    figure.values.push(value);
    progress(`  ${figure.what}: ${value.toFixed(1)} ${figure.unit}`);
  };
  for (let index = 1; index <= rounds; index++) {
    progress(`cluster, round ${index} of ${rounds}`);
    const checkout = new Checkout();
    const cluster = await Cluster.of(checkout, "dev");
    const bringUp = () => checkout.succeed("up", "dev", "--provider", "embedded", "--yes");
    try {
      record(up, await seconds(bringUp));
      record(again, await seconds(bringUp));
      checkout.edit("gitops/apps/guestbook/stages/dev/values.yaml", "Guestbook (dev)", "Guestbook (bench)");
      const revision = checkout.commit("change one value");
      record(commit, await seconds(() => eventually(cluster.followed(revision))));
      checkout.edit("gitops/apps/guestbook/stages/dev/pin.yaml", "component: guestbook", "component: [guestbook");
      checkout.commit("break a pin");
      await eventually(cluster.broken("charts", "components"));
      checkout.git("revert", "--no-edit", "HEAD");
      record(repair, await seconds(() => eventually(cluster.broken(), 300)));
      await sleep(idle * 1000);
      record(admission, judgement(cluster));
      record(memory, memoryOf(cluster.folder));
    } finally {
      record(destroy, await seconds(() => checkout.succeed("destroy", "dev", "--yes")));
      checkout.remove();
    }
  }
  return { ...setting(rounds), figures };
}

/** Milliseconds that the API server spends in admission policies for one write that they judge, on average. */
function judgement(cluster: Cluster): number {
  const before = spentInPolicies(cluster);
  for (let limit = 1; limit <= judgedWrites; limit++) {
    const patch = JSON.stringify({ spec: { syncPolicy: { retry: { limit: 1000 + limit } } } });
    const how = ["--namespace", "argocd", "--type", "merge", "--patch", patch, "--dry-run=server"];
    cluster.kubectl("patch", "application", "guestbook", ...how);
  }
  const after = spentInPolicies(cluster);
  return ((after.sum - before.sum) / (after.count - before.count)) * 1000;
}

/** Seconds that updates have spent in admission policies, and how many there were, since the API server started. */
function spentInPolicies(cluster: Cluster): { sum: number; count: number } {
  const metrics = cluster.kubectl("get", "--raw", "/metrics").split("\n");
  const of = (end: string): number => {
    const name = `apiserver_admission_controller_admission_duration_seconds_${end}{`;
    const labels = ['name="ValidatingAdmissionPolicy"', 'operation="UPDATE"', 'rejected="false"', 'type="validate"'];
    const found = metrics.find((line) => line.startsWith(name) && labels.every((label) => line.includes(label)));
    if (found === undefined) throw new Error(`the API server has no metric ${name} of admission policies`);
    return Number(found.split(" ").at(-1));
  };
  return { sum: of("sum"), count: of("count") };
}

/** Proportional set size of all processes of a cluster, in GiB: shared pages of the multi-call binaries count once. */
function memoryOf(folder: string): number {
  const kilobytes = processesOf(folder).map((line) => {
    const rollup = readFileSync(`/proc/${line.split(" ")[0]}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
  });
  return kilobytes.reduce((sum, value) => sum + value, 0) / 2 ** 20;
}
