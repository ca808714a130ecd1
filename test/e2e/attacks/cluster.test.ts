import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { Checkout } from "../support/checkout";
import { eventually } from "../support/eventually";
import type { Stop } from "./request";
import { patience, withoutAnswer } from "./answers";
import { batchesOf, type Pushed } from "./batches";
import { AttackedCluster, type Uids } from "./cluster";
import { held } from "./open";
import { playedBy, playsCommits } from "./table";
import { Tree } from "./tree";

describe("an attempt on running clusters", () => {
  const checkout = new Checkout();
  const tree = new Tree(checkout.root);
  const clusters = {} as Record<"dev" | "prod", AttackedCluster>;
  const played = playsCommits ? batchesOf(playedBy("commit")) : [];
  const names = playsCommits ? (["dev", "prod"] as const) : (["dev"] as const);
  const head = () => checkout.git("rev-parse", "HEAD");
  const running = () => names.map((name) => clusters[name]);

  before(async function () {
    this.timeout(1_800_000);
    for (const name of names) clusters[name] = await AttackedCluster.up(checkout, name);
    if (playsCommits) [clusters.dev.other, clusters.prod.other] = [clusters.prod, clusters.dev];
  });

  after(async () => {
    for (const name of names) await checkout.onebranch("destroy", name, "--yes");
    checkout.remove();
  });

  describe("by a request", () => {
    for (const attempt of playedBy("request")) {
      it(`${attempt.id} ${attempt.title}: ${attempt.stop}`, () =>
        held(attempt, "cluster", async () => {
          const { status, body } = await clusters.dev.ask(attempt);
          const said = `${status} ${body.message ?? JSON.stringify(body.status ?? {})}`;
          assert.ok(stopped[attempt.stop](status, said), said);
          if (attempt.says) assert.match(said, attempt.says);
        }));
    }
  });

  describe("on the machine", () => {
    for (const attempt of playedBy("machine").filter(({ id }) => playsCommits || id !== "77b")) {
      it(`${attempt.id} ${attempt.title}: ${attempt.right}`, () =>
        held(attempt, "cluster", () => attempt.holds(clusters.dev)));
    }
  });

  describe("by a commit", () => {
    it("finds what is there before", async function () {
      const seconds = patience(played.flat().length);
      this.timeout(names.length * seconds * 1000);
      for (const given of played.flat().map((attempt) => attempt.given)) given?.(tree);
      const commit = checkout.git("status", "--porcelain") ? checkout.commit("what is there before") : head();
      for (const cluster of running()) await eventually(cluster.settled(commit), seconds, 1000);
    });
  });

  for (const batch of played) {
    describe(`by a commit: ${batch.map(({ id }) => id).join(", ")}`, () => {
      const seconds = patience(batch.length);
      let start: string;
      let unanswered: ReadonlyMap<Pushed, string>;
      const kept = new Map<AttackedCluster, Uids>();

      before(async function () {
        this.timeout(4 * seconds * 1000);
        start = head();
        for (const cluster of running()) {
          await eventually(cluster.settled(start), seconds, 1000);
          kept.set(cluster, cluster.uids());
        }
        const steps = Math.max(...batch.map(({ change }) => [change].flat().length));
        let moment = 0;
        for (let i = 0; i < steps; i++) {
          if (i > 0) for (const cluster of running()) await eventually(cluster.lookedAt(moment), seconds, 1000);
          for (const { change } of batch) [change].flat()[i]?.(tree);
          moment = Date.now();
          checkout.commit(`attempt ${batch.map(({ id }) => id).join(", ")}`);
        }
        unanswered = await withoutAnswer(batch, clusters, moment, seconds);
      });

      for (const attempt of batch) {
        const { id, title, cluster } = attempt;
        it(`${id} ${title}: ${cluster.stop}`, () =>
          held(attempt, "cluster", async () => {
            const attacked = clusters[cluster.in ?? "dev"];
            assert.equal(unanswered.get(attempt), undefined);
            for (const shown of cluster.shows ?? []) await eventually(async () => attacked.shows(shown), 30);
          }));
      }

      it("deletes nothing, and makes nothing again, that the attempt may not", () =>
        heldAll(batch, "cluster", () => {
          for (const cluster of running()) {
            const may = mayLose(batch, cluster);
            assert.deepEqual(
              lost(kept.get(cluster)!, cluster.uids()).filter((name) => !may.some((loses) => loses.test(name))),
              [],
              cluster.name,
            );
          }
        }));

      it("is taken back: every object is there as before, with its uid", function () {
        this.timeout(4 * seconds * 1000);
        return heldAll(batch, "revert", async () => {
          checkout.git("read-tree", "-u", "--reset", start);
          const back = checkout.commit("take it back");
          for (const cluster of running()) {
            const may = [...mayLose(batch, cluster), ...batch.flatMap((attempt) => attempt.cluster.leaves ?? [])];
            const other = (name: string) => !may.some((one) => one.test(name));
            await eventually(cluster.settled(back), seconds, 1000);
            await eventually(
              async () => {
                const now = cluster.uids();
                const left = [...now.keys()].filter((name) => !kept.get(cluster)!.has(name));
                const differing = [
                  ...lost(kept.get(cluster)!, now)
                    .filter(other)
                    .map((name) => `lost ${name}`),
                  ...left.filter(other).map((name) => `left ${name}`),
                ];
                return { holds: differing.length === 0, message: `${cluster.name}: ${differing.join(", ")}` };
              },
              seconds,
              1000,
            );
          }
        });
      });
    });
  }

  describe("by anything", () => {
    it("has let no program of the tree run", () => assert.ok(!existsSync("/tmp/onebranch-a55")));
  });
});

/** Whether an answer of the API server is one that stops the request. */
const stopped: Record<Stop, (status: number, said: string) => boolean> = {
  "identity policy": (status, said) => status >= 400 && said.includes("onebranch-identity"),
  "boundary policy": (status, said) => status >= 400 && said.includes("ValidatingAdmissionPolicy"),
  "namespaces policy": (status, said) => status >= 400 && said.includes("onebranch-namespaces"),
  API: (status, said) => status >= 400 && !said.includes("ValidatingAdmissionPolicy"),
  RBAC: (status, said) => status === 403 || (status === 201 && said.includes('"allowed":false')),
  nothing: (status) => status < 300,
  project: () => false,
  render: () => false,
  set: () => false,
};

/** What attempts of one commit may delete in a cluster. */
function mayLose(batch: readonly Pushed[], { name }: AttackedCluster): RegExp[] {
  return batch.flatMap(({ cluster }) => [cluster.loses ?? [], (name === "dev" && cluster.losesInDev) || []].flat());
}

/** Objects that are gone, or were made again. */
function lost(before: Uids, now: Uids): string[] {
  return [...before].filter(([name, uid]) => now.get(name) !== uid).map(([name]) => name);
}

/** A part that all attempts of one commit share is open when it is for one of them. */
function heldAll(batch: readonly Pushed[], part: "cluster" | "revert", run: () => Promise<void> | void): Promise<void> {
  return held(batch.find(({ open }) => open?.[part]) ?? batch[0]!, part, run);
}
