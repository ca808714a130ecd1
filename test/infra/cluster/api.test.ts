import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { clusterApi, found, listed } from "../../../infra/cluster/api";

interface Seen {
  method?: string;
  url?: string;
  authorization?: string;
  type?: string;
  body: string;
}

describe("clusterApi", () => {
  let server: Server;
  let seen: Seen[];
  let reply: { status: number; body: string };

  before(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (part) => (body += String(part)));
      request.on("end", () => {
        const { method, url, headers } = request;
        seen.push({ method, url, authorization: headers.authorization, type: headers["content-type"], body } as Seen);
        response.writeHead(reply.status).end(reply.body);
      });
    });
    await new Promise<void>((resolve) => server.listen({ host: "127.0.0.1", port: 0 }, resolve));
  });
  beforeEach(() => {
    seen = [];
    reply = { status: 200, body: '{"kind":"ConfigMap"}' };
  });
  after(() => server.close());

  function api() {
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    return clusterApi(
      JSON.stringify({
        "current-context": "c",
        contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
        clusters: [
          {
            name: "c",
            cluster: { server: `http://127.0.0.1:${address.port}/prefix/`, "insecure-skip-tls-verify": true },
          },
        ],
        users: [{ name: "u", user: { token: "secret" } }],
      }),
    );
  }

  it("sends with the kubeconfig's login to its server", async () => {
    const answer = await api().request("PATCH", "/api/v1/x?a=b", {
      body: { a: 1 },
      contentType: "application/merge-patch+json",
    });
    assert.deepEqual(answer, { status: 200, body: { kind: "ConfigMap" } });
    assert.deepEqual(seen, [
      {
        method: "PATCH",
        url: "/prefix/api/v1/x?a=b",
        authorization: "Bearer secret",
        type: "application/merge-patch+json",
        body: '{"a":1}',
      },
    ]);
  });

  it("sends the body of a deletion so that the server reads it", async () => {
    const options = { body: { propagationPolicy: "Orphan" } };
    await api().request("DELETE", "/x", options);
    await api().request("GET", "/x");
    assert.deepEqual(
      seen.map(({ method, body }) => `${method} ${body}`),
      ['DELETE {"propagationPolicy":"Orphan"}', "GET "],
    );
  });

  it("gives refusals as answers", async () => {
    reply = { status: 403, body: '{"kind":"Status","message":"no rights"}' };
    assert.deepEqual(await api().request("GET", "/x"), {
      status: 403,
      body: { kind: "Status", message: "no rights" },
    });
  });

  it("gives an answer that is no JSON as its message", async () => {
    reply = { status: 502, body: "<html>" };
    assert.deepEqual(await api().request("GET", "/x"), { status: 502, body: { message: "<html>" } });
  });

  it("distinguishes what is missing from what failed", async () => {
    reply = { status: 404, body: "{}" };
    assert.equal(await found(api().request("GET", "/x")), undefined);
    assert.deepEqual(await listed(api(), "/x"), []);
    reply = { status: 500, body: '{"message":"etcd is gone"}' };
    await assert.rejects(found(api().request("GET", "/x")), { message: "the API server answered 500: etcd is gone" });
  });

  it("refuses a kubeconfig that names no cluster", () => {
    assert.throws(() => clusterApi('{"clusters":[]}'), {
      message: "the kubeconfig has no cluster for the context (none)",
    });
  });
});
