import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { clusterApi, listed } from "../../../infra/cluster/api";
import { argoCdApi } from "../../../model/root";
import type { Application, Cluster } from "./cluster";

/** A time in which an Application was not Synced. */
export interface Late {
  application: string;
  /** What it was instead. */
  sync: string;
  milliseconds: number;
}

/**
 * Looks at the Applications of a cluster again and again, and keeps when one was not Synced. While nothing answers, nothing is
 * seen.
 */
export class SyncWatch {
  readonly #late = new Map<string, Late & { since: number }>();
  readonly #ended: Late[] = [];
  readonly #looking: Promise<void>;
  #stopped = false;

  constructor(cluster: Cluster) {
    const api = clusterApi(readFileSync(cluster.kubeconfig, "utf8"));
    this.#looking = (async () => {
      while (!this.#stopped) {
        const found = await listed(api, `${argoCdApi}/applications`).catch(() => undefined);
        if (found !== undefined) this.look(found as unknown as Application[], Date.now());
        await sleep(100);
      }
    })();
  }

  /** Ends it, and gives each time that was seen. */
  async end(): Promise<Late[]> {
    this.#stopped = true;
    await this.#looking;
    for (const name of [...this.#late.keys()]) this.close(name);
    return this.#ended;
  }

  private look(applications: readonly Application[], now: number): void {
    for (const { metadata, status } of applications) {
      const { name } = metadata;
      const sync = status?.sync?.status ?? "nothing";
      if (sync === "Synced") this.close(name);
      else {
        const { since } = this.#late.get(name) ?? { since: now };
        this.#late.set(name, { application: name, sync, since, milliseconds: now - since });
      }
    }
  }

  private close(name: string): void {
    const late = this.#late.get(name);
    if (late === undefined) return;
    const { application, sync, milliseconds } = late;
    this.#ended.push({ application, sync, milliseconds });
    this.#late.delete(name);
  }
}
