import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { notificationKeys, notificationValues } from "../../../infra/argocd/notifications";
import { findToolchain } from "../../../infra/providers/embedded/toolchain";
import { nowhere } from "../../support/nowhere";
import { skip } from "../../support/skip";
import { identity } from "../support/source";

const notifications = {
  slack: { token: "xoxb-marker", channel: "alerts" },
  http: { url: "https://relay.example.org/hook", token: "marker" },
  afterMinutes: 30,
};

interface Values {
  context: Record<string, string>;
  notifiers: Record<string, string>;
  templates: Record<string, string>;
  triggers: Record<string, string>;
  subscriptions: { recipients: string[]; triggers: string[] }[];
}

const valuesOf = (given: typeof notifications) =>
  notificationValues(given, identity({ name: "prod" }), "https://argocd.example.org").notifications as Values;

describe("the values for notifications", () => {
  it("have no secret in them", () => {
    const values = JSON.stringify(valuesOf(notifications));
    assert.doesNotMatch(values, /marker|relay\.example\.org/);
    assert.deepEqual(notificationKeys(notifications), {
      "slack-token": "xoxb-marker",
      "notify-url": "https://relay.example.org/hook",
      "notify-token": "marker",
    });
  });

  it("send every event everywhere", () => {
    assert.deepEqual(valuesOf(notifications).subscriptions, [
      {
        recipients: ["slack:alerts", "onebranch"],
        triggers: ["on-degraded", "on-sync-failed", "on-refused", "on-out-of-sync"],
      },
    ]);
  });
});

const events = ["degraded", "sync-failed", "refused", "out-of-sync"];

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const ended = (phase: string, minutes: number, message = "") => ({
  phase,
  finishedAt: ago(minutes),
  message,
  syncResult: { revision: "0123" },
});
const denied =
  "applicationsets.argoproj.io \"apps\" is forbidden: ValidatingAdmissionPolicy 'onebranch-boundary' with binding 'onebranch-boundary' denied request: no";
const healthy = { status: "Healthy" };
const synced = { status: "Synced" };

/** A status of an Application, and the events that it is worth. */
const cases: [title: string, app: object, expected: string[]][] = [
  ["a new Application", {}, []],
  ["one that is well", { status: { sync: synced, health: healthy, operationState: ended("Succeeded", 5) } }, []],
  ["a degraded one", { status: { sync: synced, health: { status: "Degraded" } } }, ["degraded"]],
  ["a sync that failed", { status: { sync: synced, operationState: ended("Failed", 1, "no") } }, ["sync-failed"]],
  ["a sync that is being tried again", { status: { operationState: { phase: "Running", message: "retrying" } } }, []],
  ["a sync that the policy refused", { status: { operationState: ended("Failed", 1, denied) } }, ["refused"]],
  [
    "a sync of which one object was refused",
    {
      status: {
        operationState: {
          ...ended("Failed", 1, "one or more objects failed to apply"),
          syncResult: { revision: "0123", resources: [{ kind: "ConfigMap" }, { kind: "Secret", message: denied }] },
        },
      },
    },
    ["refused"],
  ],
  [
    "a set whose Applications are refused",
    {
      status: {
        health: { status: "Degraded", message: "argoproj.io/ApplicationSet:argocd/apps" },
        resources: [{ kind: "Namespace" }, { kind: "ApplicationSet", health: { status: "Degraded", message: denied } }],
      },
    },
    ["refused"],
  ],
  [
    "one out of sync for long",
    { status: { sync: { status: "OutOfSync" }, operationState: ended("Succeeded", 31) } },
    ["out-of-sync"],
  ],
  [
    "one out of sync for a moment",
    { status: { sync: { status: "OutOfSync" }, operationState: ended("Succeeded", 29) } },
    [],
  ],
  ["one that was never synced", { status: { sync: { status: "OutOfSync" } } }, ["out-of-sync"]],
  [
    "one whose sync begins",
    { operation: { sync: {} }, status: { sync: { status: "OutOfSync" }, operationState: ended("Succeeded", 31) } },
    [],
  ],
  ["one whose sync runs", { status: { sync: { status: "OutOfSync" }, operationState: { phase: "Running" } } }, []],
];

/** What Argo CD's own command says of them. */
describe("notifications, as Argo CD understands them", () => {
  let argocd: string;
  let folder: string;

  before(async function () {
    const built = await findToolchain({ parts: ["argocd"] });
    argocd = join(built?.bin ?? "", "argocd");
    if (!built || !existsSync(argocd)) return skip(this, "no argocd built (make toolchain)");
    folder = mkdtempSync(join(tmpdir(), "onebranch-notify-"));
    writeFileSync(join(folder, "kubeconfig"), nowhere);
  });
  after(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  function files(given: typeof notifications): string[] {
    const { context, notifiers, templates, triggers } = valuesOf(given);
    const data = {
      context: stringify({ argocdUrl: "https://argocd.example.org", ...context }),
      ...notifiers,
      ...templates,
      ...triggers,
      // All conditions as one trigger: the command takes a second to start.
      "trigger.all": stringify(events.flatMap((name) => parse(triggers[`trigger.on-${name}`]!) as object[])),
    };
    const named = (kind: string, name: string, rest: object) =>
      writeFileSync(join(folder, `${kind}.yaml`), stringify({ apiVersion: "v1", kind, metadata: { name }, ...rest }));
    named("ConfigMap", "argocd-notifications-cm", { data });
    named("Secret", "argocd-notifications-secret", { stringData: notificationKeys(given) });
    return ["--config-map", join(folder, "ConfigMap.yaml"), "--secret", join(folder, "Secret.yaml")];
  }

  function app(content: object): string {
    const kind = { apiVersion: "argoproj.io/v1alpha1", kind: "Application" };
    const file = join(folder, "app.yaml");
    const metadata = { name: "orders", namespace: "argocd" };
    writeFileSync(file, JSON.stringify({ ...kind, metadata, spec: { project: "shop" }, ...content }));
    return file;
  }

  function run(...args: string[]): Promise<string> {
    const env = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: join(folder, "kubeconfig") };
    const child = spawn(argocd, ["admin", "notifications", ...args], { env });
    const parts: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => parts.push(part));
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", () => resolve(Buffer.concat(parts).toString()));
    });
  }

  for (const [title, content, expected] of cases) {
    it(`report ${expected.join(" and ") || "nothing"} of ${title}`, async function () {
      const output = await run("trigger", "run", "all", app(content), ...files(notifications));
      assert.doesNotMatch(output, /failed to execute/);
      const results = [...output.matchAll(/\s(true|false)\s*$/gm)].map(([, result]) => result === "true");
      assert.equal(results.length, events.length, output);
      assert.deepEqual(
        events.filter((_, index) => results[index]),
        expected,
      );
    });
  }

  it("reach the address with the token, as JSON", async function () {
    const bodies: { body: string; authorization?: string }[] = [];
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        bodies.push({ body: Buffer.concat(parts).toString(), authorization: request.headers.authorization });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=4711`;
    try {
      const given = files({ ...notifications, http: { url, token: "marker" } });
      const status = {
        operationState: ended("Failed", 1, `a "quoted" text\nof two lines`),
        resources: [
          { kind: "Deployment", health: { status: "Degraded", message: "too slow" } },
          { kind: "Service", health: { status: "Healthy", message: "fine" } },
          { kind: "Job", health: { status: "Degraded", message: "failed" } },
        ],
      };
      const output = await run(
        "template",
        "notify",
        "sync-failed",
        app({ status }),
        "--recipient",
        "onebranch",
        ...given,
      );
      assert.equal(bodies.length, 1, output);
      assert.equal(bodies[0]!.authorization, "Bearer marker");
      assert.deepEqual(JSON.parse(bodies[0]!.body), {
        event: "sync-failed",
        message: "could not be synced",
        cluster: "prod",
        stage: "dev",
        region: "us-east-1",
        application: "orders",
        project: "shop",
        url: "https://argocd.example.org/applications/orders",
        operation: 'a "quoted" text\nof two lines',
        health: "",
        resources: ["too slow", "failed"],
      });
    } finally {
      server.close();
    }
  });

  it("are a text for Slack, with a link", async function () {
    const status = { health: { status: "Degraded", message: "apps/Deployment:shop/orders" } };
    const output = await run("template", "notify", "degraded", app({ status }), ...files(notifications));
    assert.match(
      output,
      /prod: orders is degraded\.\s+apps\/Deployment:shop\/orders\s+https:\/\/argocd\.example\.org\/applications\/orders/,
    );
  });
});
