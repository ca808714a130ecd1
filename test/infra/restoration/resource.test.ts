import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { stringify } from "yaml";
import type { KubeObject } from "../../../infra/cluster/api";
import { implementation } from "../../../infra/restoration/resource";

const binding: KubeObject = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingAdmissionPolicyBinding",
  metadata: { name: "b" },
  spec: { policyName: "b" },
};

describe("the restoration", () => {
  let server: Server;
  let kubeconfig: string;
  let live: KubeObject | undefined;
  /** How many requests are answered with an error first. */
  let failing: number;

  before(async () => {
    server = createServer((request, response) => {
      const answer = (status: number, body: object) => response.writeHead(status).end(JSON.stringify(body));
      if (failing-- > 0) return answer(503, { message: "the definition was just written" });
      if (request.url!.startsWith("/apis/argoproj.io/")) return answer(200, { items: [] });
      if (request.method === "PATCH") live = binding;
      return live ? answer(200, live) : answer(404, {});
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    kubeconfig = stringify({
      "current-context": "c",
      contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
      clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: "u", user: { token: "t" } }],
    });
  });
  beforeEach(() => {
    live = binding;
    failing = 0;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const inputs = () => ({ kubeconfig, objects: [binding] });
  const changes = async () => (await implementation.diff!("restoration", inputs(), inputs())).changes;

  it("is needed where an object is gone, and not where all are as they should be", async () => {
    assert.equal(await changes(), false);
    live = undefined;
    assert.equal(await changes(), true);
  });

  it("is needed where nobody can look: the update says why", async () => {
    failing = Infinity;
    assert.equal(await changes(), true);
  });

  it("waits while the API server learns a definition again", async () => {
    live = undefined;
    failing = 1;
    await implementation.update!("restoration", inputs(), inputs());
    assert.deepEqual(live, binding);
  });
});
