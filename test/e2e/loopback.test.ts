import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { request as plain } from "node:http";
import { request as secure } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeCluster } from "../../infra/providers/embedded/runtime";
import { Embedded } from "./support/embedded";

interface Webhook {
  host: string;
  headers: Record<string, string>;
  body: object;
  /** The headers of one that the host sends, who knows the secret. */
  signed(secret: string, body: string): Record<string, string>;
  /** Whether the ApplicationSet controller takes webhooks of this host too. */
  forSets: boolean;
}

const mac = (algorithm: string, secret: string, body: string) =>
  createHmac(algorithm, secret).update(body).digest("hex");

const repository = { html_url: "https://git.example.com/tree", default_branch: "main" };
const push = { ref: "refs/heads/main", repository };

const webhooks: readonly Webhook[] = [
  {
    host: "GitHub",
    headers: { "X-GitHub-Event": "push" },
    body: push,
    signed: (secret, body) => ({ "X-Hub-Signature-256": `sha256=${mac("sha256", secret, body)}` }),
    forSets: true,
  },
  {
    host: "GitLab",
    headers: { "X-Gitlab-Event": "Push Hook" },
    body: { ref: push.ref, project: { web_url: repository.html_url, default_branch: "main" } },
    signed: (secret) => ({ "X-Gitlab-Token": secret }),
    forSets: true,
  },
  {
    host: "Azure DevOps",
    headers: { "X-Vss-Activityid": "1" },
    body: {
      eventType: "git.push",
      resource: {
        refUpdates: [{ name: push.ref }],
        repository: { remoteUrl: repository.html_url, defaultBranch: push.ref },
      },
    },
    signed: (secret) => ({ Authorization: `Basic ${Buffer.from(`onebranch:${secret}`).toString("base64")}` }),
    forSets: true,
  },
  {
    host: "Bitbucket",
    headers: { "X-Hook-UUID": "1", "X-Event-Key": "repo:push" },
    body: { push: { changes: [] }, repository: { links: { html: { href: repository.html_url } } } },
    signed: (secret) => ({ "X-Hook-UUID": secret }),
    forSets: false,
  },
  {
    host: "Bitbucket Server",
    headers: { "X-Event-Key": "repo:refs_changed" },
    body: { changes: [], repository: { links: { clone: [] } } },
    signed: (secret, body) => ({ "X-Hub-Signature": `sha256=${mac("sha256", secret, body)}` }),
    forSets: false,
  },
  {
    host: "Gogs",
    headers: { "X-Gogs-Event": "push" },
    body: push,
    signed: (secret, body) => ({ "X-Gogs-Signature": mac("sha256", secret, body) }),
    forSets: false,
  },
];

/** What every user of the machine can reach of an embedded cluster. */
describe("the ports of an embedded cluster", () => {
  const root = mkdtempSync(join(tmpdir(), "onebranch-loopback-e2e-"));
  const dev = new Embedded(root, "dev");
  /** As in support/starter.ts. */
  const secret = "sesame";

  before(() => dev.start());
  after(async () => {
    await removeCluster(root, "dev");
    rmSync(root, { recursive: true, force: true });
  });

  for (const { host, headers, body, signed, forSets } of webhooks) {
    it(`take no webhook of ${host} without the secret`, async () => {
      const ports = await dev.ports();
      const text = JSON.stringify(body);
      const receivers = [
        { send: secure, port: ports["argocd-server"] },
        ...(forSets ? [{ send: plain, port: ports["applicationset-controller-webhook"] }] : []),
      ];
      for (const { send, port } of receivers) {
        const post = (more: Record<string, string>) =>
          answer(send, port, "/api/webhook", { ...headers, ...more }, text);
        // Argo CD's server gives no reason; what it cannot read it calls otherwise.
        const refused = /^400 Webhook processing failed(: .*(verification|validation|Header|Token|Signature).*)?\n*$/i;
        assert.match(await post({}), refused);
        assert.match(await post(signed("other", text)), refused);
        assert.equal(await post(signed(secret, text)), "200 ");
      }
    });
  }

  it("show nobody what a process has in memory or does", async () => {
    const ports = await dev.ports();
    const paths = ["/debug/pprof/", "/debug/pprof/cmdline", "/debug/pprof/heap", "/debug/requests", "/debug/vars"];
    for (const [name, port] of Object.entries(ports)) {
      for (const path of paths) {
        for (const send of [plain, secure]) {
          const said = await answer(send, port, path).catch((error: Error) => error.message);
          assert.doesNotMatch(said, /^200 (?!.*<title>Argo CD)/s, `${name} answers ${path}`);
        }
      }
    }
    assert.match(await answer(plain, ports["repo-server-metrics"], "/metrics"), /^200 # HELP/);
  });
});

/** Status and text of an answer. */
function answer(
  send: typeof plain | typeof secure,
  port: number,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? "GET" : "POST";
    const options = {
      host: "127.0.0.1",
      port,
      path,
      method,
      headers,
      rejectUnauthorized: false,
      agent: false as const,
    };
    const sent = send(options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("error", reject).on("end", () => resolve(`${response.statusCode} ${text}`));
    });
    sent.setTimeout(10_000, () => sent.destroy(new Error("no answer")));
    sent.on("error", reject).end(body);
  });
}
