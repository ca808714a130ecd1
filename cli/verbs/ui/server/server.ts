import { nameDirectional } from "../../../terminal/directional";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { act, actionNames } from "../answers/actions";
import type { Answers } from "../answers/answers";
import type { Refusal } from "../views";
import { pageHtml, refusalHtml, type Assets } from "./assets";
import { refusalOf, safeHeaders, type RefusedRequest } from "./guard";
import { Streams } from "./stream";

/** What the server shows. */
export interface Shown {
  answers: Answers;
  assets: Assets;
  /** What the user types for the tool, in the commands that the page offers. */
  tool: string;
  /** Present when the page may ask for a refresh or a sync: hears of each, and how it ended. */
  log?: (line: string) => void;
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
  const streams = new Streams(shown.answers.known.fleet);
  // A name or message of a cluster must not read as another one on the page.
  app.addHook("onSend", async (_, reply, payload) =>
    typeof payload === "string" && String(reply.getHeader("content-type")).includes("json")
      ? nameDirectional(payload)
      : payload,
  );
  app.addHook("onRequest", async ({ raw }, reply) => {
    reply.headers(safeHeaders);
    const asked = { method: raw.method ?? "", url: raw.url ?? "", headers: raw.headers };
    const { port: own } = app.server.address() as AddressInfo;
    const refused = refusalOf(asked, token, own, shown.log !== undefined);
    if (refused !== undefined) await refuse(reply, raw, refused);
  });
  app.setNotFoundHandler(({ raw }, reply) => refuse(reply, raw, { status: 404, error: "there is no such page" }));
  app.setErrorHandler(({ message, statusCode = 500 }: Error & { statusCode?: number }, { raw }, reply) =>
    refuse(reply, raw, { status: statusCode, error: message }),
  );
  addPages(app, shown, `/${token}`);
  addViews(app, shown, `/${token}/api`, streams);
  if (shown.log !== undefined) addActions(app, shown.answers, shown.log, `/${token}/api`);
  await app.listen({ host: "127.0.0.1", port });
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/${token}/`,
    close: async () => {
      streams.close();
      await app.close();
    },
  };
}

/** A sentence for a person who opened an address, JSON for the page's own script. */
function refuse(reply: FastifyReply, { headers }: IncomingMessage, { status, error }: RefusedRequest): FastifyReply {
  const answer = reply.code(status);
  return headers.accept?.includes("text/html")
    ? answer.type("text/html; charset=utf-8").send(refusalHtml(error))
    : answer.send({ error } satisfies Refusal);
}

/** Every view has an address of its own, that shows it when it is opened again. */
function addPages(app: FastifyInstance, { assets, tool, log }: Shown, base: string): void {
  const html = pageHtml(base, log !== undefined, tool);
  for (const path of [
    "/",
    "/recent",
    "/plan",
    "/components/:component",
    "/clusters/:cluster",
    "/clusters/:cluster/:application",
  ]) {
    app.get(`${base}${path}`, (_, reply) => reply.type("text/html; charset=utf-8").send(html));
  }
  app.get(`${base}/assets/page.js`, (_, reply) => reply.type("text/javascript; charset=utf-8").send(assets.script));
  app.get(`${base}/assets/page.css`, (_, reply) => reply.type("text/css; charset=utf-8").send(assets.style));
}

interface OfApplication {
  Params: { cluster: string; application: string };
}

/** The same as JSON. */
function addViews(app: FastifyInstance, { answers }: Shown, base: string, streams: Streams): void {
  app.get(`${base}/fleet`, async () => answers.fleet());
  app.get(`${base}/recent`, async () => answers.recent());
  app.get(`${base}/events`, (_, reply) => reply.type("text/event-stream; charset=utf-8").send(streams.open()));
  app.get(`${base}/plan`, () => answers.plans.working());
  app.get<{ Params: { component: string } }>(`${base}/components/:component`, ({ params }) =>
    answers.component(params.component),
  );
  app.get<{ Params: { component: string; stage: string } }>(
    `${base}/components/:component/promotions/:stage`,
    ({ params }) => answers.promotion(params.component, params.stage),
  );
  app.get<{ Params: { cluster: string } }>(`${base}/clusters/:cluster`, ({ params }) =>
    answers.cluster(params.cluster),
  );
  const one = `${base}/clusters/:cluster/applications/:application`;
  app.get<OfApplication>(one, ({ params }) => answers.application(params.cluster, params.application));
  app.get<OfApplication>(`${one}/live`, ({ params }) => answers.live(params.cluster, params.application));
  app.get<OfApplication>(`${one}/values`, ({ params }) => answers.values(params.cluster, params.application));
}

/** What changes something in a cluster. Without --actions there are no such routes. */
function addActions(app: FastifyInstance, answers: Answers, log: (line: string) => void, base: string): void {
  for (const action of actionNames) {
    app.post<OfApplication>(
      `${base}/clusters/:cluster/applications/:application/${action}`,
      async ({ params: { cluster, application } }) => {
        const asked = `${action} of ${application} in ${cluster}`;
        try {
          await act(answers, action, cluster, application);
        } catch (error) {
          log(`${asked} failed: ${(error as Error).message}`);
          throw error;
        }
        log(`${asked}: asked for on the page`);
        return { asked };
      },
    );
  }
}
