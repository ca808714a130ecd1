import type { AddressInfo } from "node:net";
import fastify, { type FastifyInstance } from "fastify";
import { argoCdApi } from "../../../../model/root";
import { Refused } from "../../../stack/cluster/api-server";
import { toApplicationView } from "../fleet/application";
import type { ApplicationObject } from "../fleet/application-object";
import { toClusterView } from "../fleet/cluster";
import { PinHistory, toComponentView } from "../fleet/component";
import type { Fleet } from "../fleet/fleet";
import type { Observation } from "../fleet/observe";
import type { ClusterSource } from "../fleet/sources";
import type { Refusal } from "../views";
import { pageHtml, type Assets } from "./assets";
import { refusalOf, safeHeaders } from "./guard";
import { Streams } from "./stream";

/** What the server shows. */
export interface Shown {
  fleet: Fleet;
  sources: readonly ClusterSource[];
  observation: Observation;
  assets: Assets;
  /** Of the checkout. */
  root: string;
  /** The day on which exceptions are judged, YYYY-MM-DD. */
  today: () => string;
}

/** A server that answers. */
export interface Served {
  /** The address with the token; who has it can read everything. */
  url: string;
  close(): Promise<void>;
}

/** Serves the page on this machine only. Port 0 is any free one. */
export async function serve(shown: Shown, token: string, port: number): Promise<Served> {
  const app = fastify({ logger: false, forceCloseConnections: true });
  const streams = new Streams(shown.fleet);
  app.addHook("onRequest", async ({ raw }, reply) => {
    reply.headers(safeHeaders);
    const asked = { method: raw.method ?? "", url: raw.url ?? "", headers: raw.headers };
    const { port: own } = app.server.address() as AddressInfo;
    const refused = refusalOf(asked, token, own);
    if (refused !== undefined) await reply.code(refused.status).send({ error: refused.error } satisfies Refusal);
  });
  app.setNotFoundHandler((_, reply) => reply.code(404).send({ error: "there is no such page" } satisfies Refusal));
  app.setErrorHandler((error: Error & { statusCode?: number }, _, reply) =>
    reply.code(error.statusCode ?? 500).send({ error: error.message } satisfies Refusal),
  );
  addPages(app, shown, `/${token}`);
  addViews(app, shown, `/${token}/api`, streams);
  await app.listen({ host: "127.0.0.1", port });
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/${token}/`,
    close: async () => {
      streams.close();
      await app.close();
    },
  };
}

/** Every view has an address of its own, that shows it again when it is opened anew. */
function addPages(app: FastifyInstance, { assets }: Shown, base: string): void {
  const html = pageHtml(base);
  for (const path of [
    "/",
    "/recent",
    "/components/:component",
    "/clusters/:cluster",
    "/clusters/:cluster/:application",
  ]) {
    app.get(`${base}${path}`, (_, reply) => reply.type("text/html; charset=utf-8").send(html));
  }
  app.get(`${base}/assets/page.js`, (_, reply) => reply.type("text/javascript; charset=utf-8").send(assets.script));
  app.get(`${base}/assets/page.css`, (_, reply) => reply.type("text/css; charset=utf-8").send(assets.style));
}

/** The same as JSON. */
function addViews(app: FastifyInstance, shown: Shown, base: string, streams: Streams): void {
  const { fleet, sources, observation, root, today } = shown;
  app.get(`${base}/fleet`, async () => fleet.view());
  app.get(`${base}/recent`, async () => fleet.recent());
  app.get(`${base}/events`, (_, reply) => reply.type("text/event-stream; charset=utf-8").send(streams.open()));

  const lenders = sources.flatMap(({ name, from }) => (from === undefined ? [] : [[name, from] as const]));
  const history = new PinHistory(root, new Map(lenders));
  app.get<{ Params: { component: string } }>(`${base}/components/:component`, async ({ params: { component } }) => {
    const found = await toComponentView(fleet.view(), component, history);
    return found ?? Promise.reject(missing(`no cluster here has the component ${component}`));
  });

  app.get<{ Params: { cluster: string } }>(`${base}/clusters/:cluster`, async ({ params }) => {
    const known = fleet.cluster(params.cluster);
    const source = sources.find(({ name }) => name === params.cluster);
    if (known === undefined || source === undefined) throw missing(`there is no cluster ${params.cluster} here`);
    return toClusterView(known, source, observation.server(params.cluster), { root, today: today() });
  });

  app.get<{ Params: { cluster: string; application: string } }>(
    `${base}/clusters/:cluster/applications/:application`,
    async ({ params: { cluster, application } }) => {
      const link = fleet.cluster(cluster)?.link;
      if (link === undefined) throw missing(`there is no cluster ${cluster} here`);
      const server = observation.server(cluster);
      if (server === undefined || link.state === "unreachable") {
        throw unavailable(`${cluster} cannot be reached since ${link.since}: ${link.why ?? "it is being connected"}`);
      }
      const found = await server.send("GET", `${argoCdApi}/applications/${application}`).catch((error: Error) => {
        if (error instanceof Refused && error.status === 404)
          throw missing(`${cluster} has no Application ${application}`);
        throw unavailable(`${cluster}: ${error.message}`);
      });
      return toApplicationView(cluster, JSON.parse(found) as ApplicationObject);
    },
  );
}

const missing = (message: string) => Object.assign(new Error(message), { statusCode: 404 });
const unavailable = (message: string) => Object.assign(new Error(message), { statusCode: 503 });
