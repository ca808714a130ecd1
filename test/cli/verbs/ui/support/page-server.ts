import { mkdirSync } from "node:fs";
import { apiServer } from "../../../../../cli/stack/cluster/api-server";
import type { Pauses } from "../../../../../cli/stack/cluster/watch";
import { Fleet } from "../../../../../cli/verbs/ui/fleet/fleet";
import { Observation } from "../../../../../cli/verbs/ui/fleet/observe";
import type { ClusterSource } from "../../../../../cli/verbs/ui/fleet/sources";
import { bundlePage } from "../../../../../cli/verbs/ui/server/assets";
import { serve } from "../../../../../cli/verbs/ui/server/server";
import { FakeCheckout } from "../../../support/checkout";
import { ApiStub } from "./api-stub";

export const token = "a-token-of-a-test";
/** A test waits for nothing that it can have at once. */
export const shortPauses: Pauses = { first: 10, longest: 50, silence: 60_000 };

export interface StubCluster {
  name: string;
  stage: string;
  region: string;
}

/** `onebranch ui` over clusters that are stubs. */
export class PageServer {
  readonly checkout = new FakeCheckout();
  readonly stubs = new Map<string, ApiStub>();
  private readonly stop = new AbortController();
  private close: () => Promise<void> = async () => undefined;
  url = "";

  constructor(private readonly clusters: readonly StubCluster[]) {
    for (const { name } of clusters) this.stubs.set(name, new ApiStub());
    mkdirSync(`${this.checkout.root}/gitops/stages`, { recursive: true });
  }

  stub(name: string): ApiStub {
    return this.stubs.get(name)!;
  }

  async start(pauses: Pauses = shortPauses): Promise<this> {
    for (const stub of this.stubs.values()) await stub.start();
    const sources = this.clusters.map(({ name, stage, region }): ClusterSource => {
      return {
        ...{ name, stage, region, provider: "embedded" },
        connect: () => apiServer(this.stub(name).kubeconfig),
        argocd: { url: "https://127.0.0.1:8080", login: "user admin, password: see the Secret" },
        kubectl: `kubectl --context ${name} get applications`,
      };
    });
    const fleet = new Fleet(sources, ["dev", "staging", "prod"]);
    const observation = new Observation(fleet, sources, this.stop.signal, pauses);
    const { root } = this.checkout;
    const shown = { fleet, sources, observation, assets: bundlePage(), root, today: () => "2026-11-30" };
    const served = await serve(shown, token, 0);
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
