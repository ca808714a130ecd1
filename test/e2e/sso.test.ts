import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { request as http } from "node:http";
import { request as https } from "node:https";
import { join } from "node:path";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { IdentityProvider, type Person } from "./support/identity-provider";

/** A real argocd-server, and an identity provider that knows its client. */
describe("the login to Argo CD by an identity provider", () => {
  const secret = "marker-of-the-client-6021";
  const checkout = new Checkout();
  let provider: IdentityProvider;
  let cluster: Cluster;
  let address: string;
  let output: string;

  before(async () => {
    provider = await IdentityProvider.start({ id: "argocd", secret });
    const rules = "p, role:operator, applications, sync, */*, allow\ng, operators, role:operator\n";
    writeFileSync(join(checkout.root, "gitops/stages/dev.rbac.csv"), rules);
    checkout.commit("Who may do what in dev");
    const config = {
      argocdOidcIssuer: provider.issuer,
      argocdOidcClientId: "argocd",
      argocdOidcClientSecret: secret,
      argocdGroups: '["CN=Platform, OU=IT=admin"]',
    };
    const given = Object.entries(config).flatMap(([name, value]) => ["--config", `${name}=${value}`]);
    const result = await checkout.succeed("up", "dev", "--provider", "embedded", "--no-wait", "--yes", ...given);
    output = result.output;
    cluster = await Cluster.of(checkout, "dev");
    address = /^Argo CD +(\S+)$/m.exec(output)![1]!;
  });

  after(async () => {
    await provider.stop();
    await checkout.onebranch("destroy", "dev", "--yes");
    checkout.remove();
  });

  /** Logs a person in as a browser would, and gives their token. */
  async function login(person: Person): Promise<string> {
    provider.person = person;
    const start = await get(`${address}/auth/login?return_url=${encodeURIComponent(`${address}/applications`)}`);
    assert.equal(start.status, 303, start.body);
    const page = await get(start.location);
    const end = await get(page.location, { cookie: start.cookies.join("; ") });
    assert.equal(end.status, 303, end.body);
    return end.cookies.find((cookie) => cookie.startsWith("argocd.token="))!.slice("argocd.token=".length);
  }

  async function may(token: string, action: string): Promise<string> {
    const { body } = await get(`${address}/api/v1/account/can-i/applications/${action}/shop/orders`, {
      authorization: `Bearer ${token}`,
    });
    return (JSON.parse(body) as { value: string }).value;
  }

  it("asks the provider for groups, and names the callback", async () => {
    await login({ name: "ada", groups: [] });
    const asked = provider.logins.at(-1)!;
    assert.equal(asked.get("client_id"), "argocd");
    assert.equal(asked.get("scope"), "openid profile email groups");
    assert.equal(asked.get("redirect_uri"), `${address}/auth/callback`);
    assert.match(output, new RegExp(`by SSO, which sends people back to ${address}/auth/callback`));
    assert.match(output, /argocd login 127\.0\.0\.1:\d+ --insecure --sso/);
  });

  it("gives each group its role, and nothing to everybody else", async () => {
    const people: [Person, sync: string, remove: string][] = [
      [{ name: "ada", groups: ["CN=Platform, OU=IT"] }, "yes", "yes"],
      [{ name: "ben", groups: ["operators", "others"] }, "yes", "no"],
      [{ name: "cy", groups: ["others"] }, "no", "no"],
    ];
    for (const [person, sync, remove] of people) {
      const token = await login(person);
      assert.deepEqual(
        [await may(token, "sync"), await may(token, "delete"), await may(token, "get")],
        [sync, remove, remove],
        person.name,
      );
    }
  });

  it("takes no password of admin any more", async () => {
    const { status, body } = await get(`${address}/api/v1/session`, {}, { username: "admin", password: "any" });
    assert.equal(status, 401, body);
    assert.match(body, /Invalid username or password|admin user is disabled|account disabled/i);
  });

  it("keeps the client's secret out of ConfigMaps, state and output", () => {
    const maps = cluster.kubectl("get", "configmaps", "--all-namespaces", "--output", "json");
    assert.doesNotMatch(maps, new RegExp(secret));
    assert.match(maps, /\$oidc\.clientSecret/);
    assert.doesNotMatch(output, new RegExp(secret));
    const places = [".onebranch/state", ".onebranch/pulumi"];
    const found = execFileSync("sh", ["-c", `grep -rlF ${secret} ${places.join(" ")} || true`], { cwd: checkout.root });
    assert.equal(found.toString(), "");
  });

  it("is unchanged by a second up", async () => {
    const { output: again } = await checkout.succeed("up", "dev", "--provider", "embedded", "--no-wait", "--yes");
    assert.match(again, /^dev: \d+ unchanged$/m);
  });
});

interface Answer {
  status: number;
  location: string;
  cookies: string[];
  body: string;
}

function get(address: string, headers: Record<string, string> = {}, body?: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method: body ? "POST" : "GET", headers: { ...headers, "content-type": "application/json" } };
    // The server's certificate is one that the test's own checkout made.
    const sent = address.startsWith("https:")
      ? https(address, { ...options, rejectUnauthorized: false })
      : http(address, options);
    sent.on("error", reject);
    sent.on("response", (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          location: response.headers.location ?? "",
          cookies: (response.headers["set-cookie"] ?? []).map((cookie) => cookie.split(";")[0]!),
          body: Buffer.concat(parts).toString(),
        }),
      );
    });
    sent.end(body ? JSON.stringify(body) : undefined);
  });
}
