import { argoCdApi as applicationsApi } from "../../../../model/root";
import { Refused, type ApiServer } from "../../../stack/cluster/api-server";
import type { Io } from "../../../terminal/io";
import { toApplicationView } from "../fleet/application";
import type { ApplicationObject } from "../fleet/application-object";
import { toClusterView } from "../fleet/cluster";
import { PinHistory, toComponentView } from "../fleet/component";
import type { Fleet } from "../fleet/fleet";
import type { Observation } from "../fleet/observe";
import type { ClusterSource } from "../fleet/sources";
import type { ApplicationView, ClusterView, ComponentView, LiveView, PlanAnswer, ValuesView } from "../views";
import { argoCdApi, type ArgoCdApi } from "./argocd-api";
import { toLiveView } from "./live";
import { Plans } from "./plans";
import { inTree, noValues, valuesOf, type ChartSettings } from "./values";

/** What the answers are made from. */
export interface Known {
  fleet: Fleet;
  sources: readonly ClusterSource[];
  observation: Observation;
  /** Of the checkout. */
  root: string;
  io: Pick<Io, "env" | "date">;
  settings: ChartSettings;
  /** Ends what runs for an answer. */
  signal: AbortSignal;
}

/** Why a view cannot be shown, with the status of HTTP that says so. */
export class NoAnswer extends Error {
  constructor(
    readonly statusCode: 404 | 409 | 503,
    message: string,
  ) {
    super(message);
  }
}

/** Every view, for the server and for a snapshot alike. All of them throw `NoAnswer`. */
export class Answers {
  private readonly history: PinHistory;
  private readonly argocd = new Map<string, { server: ApiServer; api: ArgoCdApi }>();
  readonly plans: Plans;

  constructor(readonly known: Known) {
    const { root, io, settings, signal, sources } = known;
    const lenders = sources.flatMap(({ name, lifetime }) => (lifetime ? [[name, lifetime.from] as const] : []));
    this.history = new PinHistory(root, new Map(lenders));
    this.plans = new Plans(root, io, settings, signal);
  }

  fleet() {
    return this.known.fleet.view();
  }

  recent() {
    return this.known.fleet.recent();
  }

  async component(component: string): Promise<ComponentView> {
    const known = { stages: this.known.fleet.order(), history: this.history };
    const found = await toComponentView(this.fleet(), component, known);
    if (found === undefined) throw new NoAnswer(404, `no cluster here has the component ${component}`);
    return found;
  }

  cluster(name: string): Promise<ClusterView> {
    const { fleet, observation, root, io } = this.known;
    const found = fleet.cluster(name);
    if (found === undefined) throw noCluster(name);
    return toClusterView(found, this.source(name), observation.server(name), { root, now: io.date() });
  }

  async application(cluster: string, name: string): Promise<ApplicationView> {
    return toApplicationView(cluster, await this.object(cluster, name), this.source(cluster));
  }

  async live(cluster: string, name: string): Promise<LiveView> {
    const object = await this.object(cluster, name);
    const server = this.server(cluster);
    return toLiveView(server, this.argoCd(cluster, server), object);
  }

  async values(cluster: string, component: string): Promise<ValuesView> {
    const { root, io, settings } = this.known;
    const inGit = this.source(cluster).lifetime?.from ?? cluster;
    return inTree(root, io.env, settings, (opened) => valuesOf(opened, inGit, component)).catch(noValues);
  }

  async promotion(component: string, stage: string): Promise<PlanAnswer> {
    const { targets } = await this.component(component);
    if (!targets.includes(stage)) throw new NoAnswer(404, `${component} cannot be promoted to ${stage}`);
    return this.plans.promotion(stage, component);
  }

  /** The API server of a cluster that can be reached. */
  server(cluster: string): ApiServer {
    const link = this.known.fleet.cluster(cluster)?.link;
    if (link === undefined) throw noCluster(cluster);
    const server = this.known.observation.server(cluster);
    if (server !== undefined && link.state !== "unreachable") return server;
    throw new NoAnswer(
      503,
      `${cluster} has been out of reach since ${link.since}: ${link.why ?? "it is being connected"}`,
    );
  }

  /** An Application as its cluster has it now. */
  async object(cluster: string, name: string): Promise<ApplicationObject> {
    const path = `${applicationsApi}/applications/${name}`;
    const found = await this.server(cluster)
      .send("GET", path)
      .catch((error: Error) => {
        if (error instanceof Refused && error.status === 404)
          throw new NoAnswer(404, `${cluster} has no Application ${name}`);
        throw new NoAnswer(503, `${cluster}: ${error.message}`);
      });
    return JSON.parse(found) as ApplicationObject;
  }

  private source(cluster: string): ClusterSource {
    const found = this.known.sources.find(({ name }) => name === cluster);
    if (found === undefined) throw noCluster(cluster);
    return found;
  }

  private argoCd(cluster: string, server: ApiServer): ArgoCdApi {
    const known = this.argocd.get(cluster);
    if (known?.server === server) return known.api;
    const api = argoCdApi(server, this.source(cluster).argocd.url);
    this.argocd.set(cluster, { server, api });
    return api;
  }
}

const noCluster = (name: string) => new NoAnswer(404, `there is no cluster ${name} here`);
