import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "./checkout";
import { Cluster } from "./cluster";
import type { Command } from "./command";

/** prod as one embedded cluster for each of its rings. dev and staging have pins, which is all that a rollout reads of them. */
export class Rings<Ring extends string> {
  readonly checkout = new Checkout();
  readonly clusters = {} as Record<Ring, Cluster>;
  /** Of each Argo CD. */
  readonly addresses = {} as Record<Ring, string>;

  constructor(readonly rings: readonly Ring[]) {}

  /** Makes the rings in the tree, and their clusters. */
  async up(): Promise<void> {
    const { checkout, rings } = this;
    checkout.git("config", "user.name", "rollout");
    checkout.git("config", "user.email", "rollout@onebranch.test");
    checkout.edit("gitops/stages/prod.yaml", /^syncWindows:\n[^]*/m, `rings: [${rings.join(", ")}]\n`);
    const identity = checkout.read("gitops/clusters/prod/cluster.yaml");
    rmSync(join(checkout.root, "gitops/clusters/prod"), { recursive: true });
    for (const ring of rings) {
      const name = `prod-${ring}`;
      mkdirSync(join(checkout.root, "gitops/clusters", name));
      const own = identity.replace("name: prod", `name: ${name}`).replace("stage: prod", `stage: prod\nring: ${ring}`);
      const file = join(checkout.root, "gitops/clusters", name, "cluster.yaml");
      writeFileSync(file, own.replace("domain: ", `domain: ${ring}.`));
      writeFileSync(join(checkout.root, `Pulumi.${name}.yaml`), "config: {}\n");
    }
    rmSync(join(checkout.root, "Pulumi.prod.yaml"));
    checkout.commit("the rings of prod");
    for (const ring of rings) {
      this.clusters[ring] = await Cluster.of(checkout, `prod-${ring}`);
      const { stdout } = await checkout.succeed("up", `prod-${ring}`, "--provider", "embedded", "--yes");
      this.addresses[ring] = /https:\/\/(?:127\.0\.0\.1|localhost):\d+/.exec(stdout)![0];
    }
  }

  async down(): Promise<void> {
    for (const ring of this.rings) await this.checkout.onebranch("destroy", `prod-${ring}`, "--yes");
    this.checkout.remove();
  }

  start(component: string, ...words: string[]): Command {
    return this.checkout.start("rollout", component, "--to", "prod", ...words);
  }

  rollout(component: string, ...words: string[]): ReturnType<Command["result"]> {
    return this.start(component, ...words).result();
  }

  /** What the commits since one say first, the newest first; without the version. */
  subjects(since: string): string[] {
    const said = this.checkout.git("log", "--format=%s", `${since}..HEAD`);
    return said
      .split("\n")
      .filter(Boolean)
      .map((subject) => subject.replace(/:.*/, ""));
  }

  /** A change of the pins of orders in dev and staging, as a commit. */
  release(from: RegExp, to: string): string {
    for (const name of ["dev", "staging"]) this.checkout.edit(`gitops/apps/orders/stages/${name}/pin.yaml`, from, to);
    return this.checkout.commit(`orders with ${to}`);
  }

  /** The image tag that orders runs with. */
  image(ring: Ring): string | undefined {
    const path = "jsonpath={.spec.template.spec.containers[0].image}";
    const of = ["get", "deployment", "orders", "--namespace", "orders", "--output", path];
    return this.clusters[ring].kubectl(...of).split(":")[1];
  }

  /** Leaves room for the pods that run in a namespace, and for no other; gives what takes that back. */
  full(ring: Ring, namespace = "orders"): () => void {
    const cluster = this.clusters[ring];
    const pods = cluster.list("pods", namespace).length;
    cluster.kubectl("create", "quota", "full", "--namespace", namespace, `--hard=pods=${pods}`);
    return () => void cluster.kubectl("delete", "quota", "full", "--namespace", namespace);
  }
}
