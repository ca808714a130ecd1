import assert from "node:assert/strict";
import type { FleetView, LiveView } from "../../../../cli/verbs/ui/views";
import { eventually } from "../../../e2e/support/eventually";
import { Refusal, type ApiStub } from "./support/api-stub";
import { failing } from "./support/objects";
import { PageServer } from "./support/page-server";

const proxy = "/api/v1/namespaces/argocd/services/https:argocd-server:443/proxy/api/v1";
const password = "of the first user";

describe("what the page asks a cluster about an Application", () => {
  let page: PageServer;
  let stub: ApiStub;
  beforeEach(async () => {
    page = await new PageServer([
      { name: "dev", stage: "dev", region: "us-east-1", argocd: "https://argocd.example.com" },
    ]).start();
    stub = page.stub("dev");
    stub.set(failing("orders", "no such image"));
    await eventually(
      async () => {
        const { clusters } = await page.view<FleetView>("/fleet");
        return { holds: clusters[0]!.applications.length === 1, message: "orders should be known" };
      },
      10,
      10,
    );
  });
  afterEach(() => page.end());

  const live = () => page.view<LiveView>("/clusters/dev/applications/orders/live");

  /** Lets Argo CD answer, for whoever has logged in. */
  function hasArgoCd(managed: object[], nodes: object[]): void {
    const secret = { data: { password: Buffer.from(password).toString("base64") } };
    stub.answers.set("GET /api/v1/namespaces/argocd/secrets/argocd-initial-admin-secret", () => secret);
    stub.answers.set(`POST ${proxy}/session`, ({ body }) => {
      assert.deepEqual(JSON.parse(body), { username: "admin", password });
      return { token: "a.session" };
    });
    const known = (answer: object) => (sent: { headers: { cookie?: string } }) => {
      assert.equal(sent.headers.cookie, "argocd.token=a.session");
      return answer;
    };
    stub.answers.set(`GET ${proxy}/applications/orders/managed-resources`, known({ items: managed }));
    stub.answers.set(`GET ${proxy}/applications/orders/resource-tree`, known({ nodes }));
  }

  const deployment = (image: string, replicas: number) =>
    JSON.stringify({
      kind: "Deployment",
      metadata: { name: "orders", resourceVersion: image },
      spec: {
        replicas,
        template: { spec: { containers: [{ name: "web", image, env: [{ name: "DB_PASSWORD", value: image }] }] } },
      },
    });
  const of = { namespace: "orders", name: "orders" };

  it("shows characters that change how a text is read by their names", async () => {
    stub.set(failing("orders", "\u202eegami hcus on"));
    const said = async () => JSON.stringify(await page.view("/fleet"));
    await eventually(
      async () => ({ holds: (await said()).includes("<U+202E>egami"), message: "the message should be named" }),
      10,
      10,
    );
    assert.doesNotMatch(await said(), /\u202e/);
  });

  it("shows what differs between the cluster and Git, as Argo CD compares it, with secrets masked", async () => {
    hasArgoCd(
      [
        {
          ...of,
          kind: "Deployment",
          targetState: deployment("b", 2),
          normalizedLiveState: deployment("a", 3),
          predictedLiveState: deployment("b", 3),
        },
        { ...of, kind: "ConfigMap", targetState: "{}", liveState: "null" },
        { ...of, kind: "Service", targetState: "null", liveState: "{}" },
        { ...of, kind: "Job", hook: true, targetState: "{}", liveState: "null" },
        {
          ...of,
          kind: "Secret",
          targetState: "{}",
          normalizedLiveState: '{"data":{"a":"b"}}',
          predictedLiveState: '{"data":{"a":"c"}}',
        },
        {
          ...of,
          kind: "Role",
          targetState: "{}",
          normalizedLiveState: '{"rules":[]}',
          predictedLiveState: '{"rules":[]}',
        },
      ],
      [],
    );
    const { differences, onlyStatus } = await live();
    assert.equal(onlyStatus, undefined);
    const container = "spec.template.spec.containers[web]";
    assert.deepEqual(
      differences.map(({ change, kind, fields }) => [change, kind, fields]),
      [
        [
          "change",
          "Deployment",
          [
            { path: `${container}.image`, from: "a", to: "b" },
            { path: `${container}.env[DB_PASSWORD].value`, from: "(masked)", to: "(masked)", masked: true },
          ],
        ],
        ["add", "ConfigMap", []],
        ["remove", "Service", []],
        ["change", "Secret", [{ path: "data.a", from: "(masked)", to: "(masked)", masked: true }]],
      ],
    );
  });

  it("shows the tree: what controllers made is below what Git has", async () => {
    const pod = { kind: "Pod", namespace: "orders", health: { status: "Degraded", message: "no image" } };
    hasArgoCd(
      [],
      [
        { ...pod, uid: "3", name: "orders-1-a", parentRefs: [{ uid: "2" }] },
        {
          uid: "2",
          kind: "ReplicaSet",
          name: "orders-1",
          parentRefs: [{ uid: "1" }],
          info: [{ name: "Revision", value: "Rev:2" }],
        },
        { uid: "1", kind: "Deployment", name: "orders", parentRefs: [{ uid: "gone" }] },
        { uid: "4", kind: "ConfigMap", name: "settings" },
        { uid: "5", kind: "Ring", name: "a", parentRefs: [{ uid: "6" }] },
        { uid: "6", kind: "Ring", name: "b", parentRefs: [{ uid: "5" }] },
      ],
    );
    const { tree } = await live();
    assert.deepEqual(
      tree!.map(({ depth, name }) => [depth, name]),
      [
        [0, "settings"],
        [0, "orders"],
        [1, "orders-1"],
        [2, "orders-1-a"],
        [0, "a"],
        [0, "b"],
      ],
    );
    assert.deepEqual(tree![2]!.facts, ["Revision: Rev:2"]);
    assert.deepEqual([tree![3]!.health, tree![3]!.message], ["Degraded", "no image"]);
  });

  it("does not log in again because of a fault that has nothing to do with that", async () => {
    hasArgoCd([], []);
    await live();
    let sessions = 0;
    stub.answers.set(`POST ${proxy}/session`, () => ({ token: `session.${++sessions}` }));
    stub.answers.delete(`GET ${proxy}/applications/orders/resource-tree`);
    assert.match((await live()).onlyStatus!, /404/);
    assert.equal(sessions, 0);
  });

  it("logs in again, once, when its session has ended, and shows the same", async () => {
    hasArgoCd([], [{ uid: "1", kind: "Deployment", name: "orders" }]);
    await live();
    let sessions = 0;
    stub.answers.set(`POST ${proxy}/session`, () => ({ token: `session.${++sessions}` }));
    for (const [what, answer] of [
      ["managed-resources", { items: [] }],
      ["resource-tree", { nodes: [{ uid: "1", kind: "Deployment", name: "orders" }] }],
    ] as const)
      stub.answers.set(`GET ${proxy}/applications/orders/${what}`, ({ headers }) => {
        if (headers.cookie !== "argocd.token=session.1") throw new Refusal(401, "token is expired");
        return answer;
      });
    const { tree, onlyStatus } = await live();
    assert.deepEqual([onlyStatus, tree?.length, sessions], [undefined, 1, 1]);
    assert.deepEqual([(await live()).onlyStatus, sessions], [undefined, 1]);
  });

  it("asks not for session after session where none is good enough", async () => {
    hasArgoCd([], []);
    let sessions = 0;
    stub.answers.set(`POST ${proxy}/session`, () => ({ token: `session.${++sessions}` }));
    stub.answers.set(`GET ${proxy}/applications/orders/resource-tree`, () => {
      throw new Refusal(401, "no such account");
    });
    stub.answers.set(`GET ${proxy}/applications/orders/managed-resources`, () => ({ items: [] }));
    assert.match((await live()).onlyStatus!, /401/);
    assert.equal(sessions, 2);
  });

  it("says what the status tells where Argo CD does not answer, and why", async () => {
    const drifted = failing("orders", "no such image");
    drifted.status!.resources = [
      { kind: "ConfigMap", namespace: "orders", name: "old", status: "OutOfSync", requiresPruning: true },
      { kind: "Deployment", namespace: "orders", name: "orders", status: "OutOfSync", health: { status: "Missing" } },
      { kind: "Service", namespace: "orders", name: "orders", status: "OutOfSync", health: { status: "Healthy" } },
      { kind: "Role", namespace: "orders", name: "orders", status: "Synced" },
    ];
    stub.set(drifted);
    const { differences, onlyStatus, tree } = await live();
    assert.equal(tree, undefined);
    assert.match(onlyStatus!, /the Secret argocd-initial-admin-secret cannot be read: .* 404/);
    assert.deepEqual(
      differences.map(({ change, kind }) => `${change} ${kind}`),
      ["remove ConfigMap", "add Deployment", "change Service"],
    );
  });

  it("shows the events of the Application, of its resources and of what was made for them, the newest first", async () => {
    const event = (kind: string, name: string, lastTimestamp: string) => ({
      ...{ type: "Warning", reason: "Failed", message: `about ${name}`, count: 3, lastTimestamp },
      involvedObject: { kind, name },
    });
    stub.answers.set("GET /api/v1/namespaces/argocd/events", () => ({
      items: [event("Application", "orders", "2026-11-30T10:00:00Z")],
    }));
    stub.answers.set("GET /api/v1/namespaces/orders/events", () => ({
      items: [event("Pod", "orders-1-a", "2026-11-30T11:00:00Z"), event("Pod", "ordersearch", "2026-11-30T11:30:00Z")],
    }));
    const { events, noEvents } = await live();
    assert.equal(noEvents, undefined);
    assert.deepEqual(
      events.map(({ object, count }) => `${object} ${count}`),
      ["Pod orders-1-a 3", "Application orders 3"],
    );
    assert.ok(stub.asked.some((url) => url.includes("involvedObject.name%3Dorders")));
  });

  it("says why there are no events", async () => {
    assert.match((await live()).noEvents!, /the API server answered 404/);
  });
});
