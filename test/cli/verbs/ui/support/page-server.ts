import { mkdirSync } from "node:fs";
import type { Pauses } from "../../../../../cli/stack/cluster/watch";
import { Answers } from "../../../../../cli/verbs/ui/answers/answers";
import { Fleet } from "../../../../../cli/verbs/ui/fleet/fleet";
import { Observation } from "../../../../../cli/verbs/ui/fleet/observe";
import type { ClusterSource } from "../../../../../cli/verbs/ui/fleet/sources";
import { bundlePage } from "../../../../../cli/verbs/ui/server/assets";
import { serve } from "../../../../../cli/verbs/ui/server/server";
import { FakeCheckout } from "../../../support/checkout";
import { ApiStub } from "./api-stub";

export const token = "a-token-of-a-test";
/** A test waits for nothing that it can have at once. */
const shortPauses: Pauses = { first: 10, longest: 50, silence: 60_000 };

export interface StubCluster {
  name: string;
  stage: string;
  ring?: string;
  region: string;
  lifetime?: { from: string; expires?: string };
  /** Default: an address at which nothing answers; undefined: none is known. */
  argocd?: string | undefined;
  /** Whether it is of a kubeconfig alone. */
  isForeign?: boolean;
}

/** What the page may do beside showing. */
export interface Allowed {
  pauses?: Pauses;
  /** Lets the page act; hears of each action. */
  log?: (line: string) => void;
  /** What the user types for the tool. */
  tool?: string;
}

/** `onebranch ui` over clusters that are stubs. */
export class PageServer {
  readonly checkout = new FakeCheckout();
  readonly stubs = new Map<string, ApiStub>();
  private readonly stop = new AbortController();
  private close: () => Promise<void> = async () => undefined;
  private fleet!: Fleet;
  /** What the server answers from. */
  answers!: Answers;
  url = "";

  /** @param tree a checkout with a tree, for what is asked of it; by default there is none */
  constructor(
    private readonly clusters: readonly StubCluster[],
    private readonly tree?: string,
  ) {
    for (const { name } of clusters) this.stubs.set(name, new ApiStub());
    mkdirSync(`${this.checkout.root}/gitops/stages`, { recursive: true });
  }

  stub(name: string): ApiStub {
    return this.stubs.get(name)!;
  }

  async start({ pauses = shortPauses, log, tool = "onebranch" }: Allowed = {}): Promise<this> {
    for (const stub of this.stubs.values()) await stub.start();
    const sources = this.clusters.map((cluster): ClusterSource => {
      const { name, stage, ring = "", region, lifetime, isForeign = false } = cluster;
      const url = "argocd" in cluster ? cluster.argocd : "https://127.0.0.1:1";
      return {
        ...{ name, stage, ring, region, provider: "embedded", isStack: !isForeign },
        ...(lifetime && { lifetime }),
        kubeconfig: () => ({ text: this.stub(name).kubeconfig }),
        argocd: { ...(url !== undefined && { url }), login: "user admin, password: see the Secret" },
        kubectl: `kubectl --context ${name} get applications`,
      };
    });
    const rings = new Map([
      ["dev", []],
      ["staging", []],
      ["prod", ["canary", "rest"]],
    ]);
    this.fleet = new Fleet(sources, rings);
    const observation = new Observation(this.fleet, sources, this.stop.signal, pauses);
    this.answers = new Answers({
      ...{ fleet: this.fleet, sources, observation, root: this.tree ?? this.checkout.root, signal: this.stop.signal },
      io: { env: process.env, date: () => new Date("2026-11-30T12:00:00Z") },
      settings: { offline: true },
    });
    const served = await serve({ answers: this.answers, assets: bundlePage(), tool, ...(log && { log }) }, token, 0);
    this.url = served.url;
    this.close = served.close;
    return this;
  }

  /** The JSON of a view. */
  async view<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}api${path}`);
    return (await response.json()) as T;
  }

  async end(): Promise<void> {
    this.stop.abort();
    await this.close();
    await Promise.all([...this.stubs.values()].map((stub) => stub.stop()));
    this.checkout.remove();
  }
}
