import { setMaxListeners } from "node:events";
import { argoCdApi } from "../../../../model/root";
import { apiServer, type ApiServer } from "../../../stack/cluster/api-server";
import { follow, type Pauses } from "../../../stack/cluster/watch";
import type { ApplicationObject } from "./application-object";
import type { Fleet } from "./fleet";
import type { ClusterSource } from "./sources";

/** How long to wait before a kubeconfig that cannot be read is read again, in milliseconds. */
const again = 5_000;

/** The clusters as they can be asked now. */
export class Observation {
  private readonly servers = new Map<string, ApiServer>();

  /** Follows the Applications of every cluster until the signal ends it. */
  constructor(
    private readonly fleet: Fleet,
    sources: readonly ClusterSource[],
    private readonly signal: AbortSignal,
    private readonly pauses?: Pauses,
  ) {
    // Each request of each cluster listens to it.
    setMaxListeners(0, signal);
    for (const source of sources) this.start(source);
  }

  /** The API server of a cluster; undefined while nothing says how to reach it. */
  server(cluster: string): ApiServer | undefined {
    return this.servers.get(cluster);
  }

  private start(source: ClusterSource): void {
    if (this.signal.aborted) return;
    try {
      const { text, context } = source.kubeconfig();
      const server = apiServer(text, context);
      this.servers.set(source.name, server);
      const feed = this.fleet.feed(source.name);
      void follow<ApplicationObject>(server, `${argoCdApi}/applications`, feed, this.signal, this.pauses);
    } catch (error) {
      this.fleet.lost(source.name, (error as Error).message);
      // `up` may be writing it just now.
      setTimeout(() => this.start(source), again).unref();
    }
  }
}
