import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fixtures } from "../support/paths";
import { root } from "../support/root";
import { skip } from "../support/skip";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { eventually } from "./support/eventually";
import { PlayedExternalSecrets } from "./support/external-secrets";
import { Marker } from "./support/marker";
import { redisContent } from "./support/redis";

/** A secret on its way from its owner into an application, and everywhere that it must not be seen. */
describe("a secret of a stack", () => {
  const marker = new Marker();
  const checkout = new Checkout();
  const base = dirname(checkout.root);
  const up = ["up", "dev", "--provider", "embedded", "--yes"];
  const said: string[] = [];
  let cluster: Cluster;
  let played: PlayedExternalSecrets | undefined;

  /** `up` with settings whose values are in files, which are gone afterwards; everything that it says is kept. */
  async function bringUp(secrets: Record<string, string> = {}, ...more: string[]): Promise<void> {
    const files = Object.entries(secrets).map(([key, value], index) => {
      const file = join(base, `secret-${index}`);
      writeFileSync(file, `${value}\n`, { mode: 0o600 });
      return { file, option: `secrets.${key}=${file}` };
    });
    const watch = marker.watchProcesses();
    const { output } = await checkout.succeed(
      ...up,
      ...files.flatMap(({ option }) => ["--config-file", option]),
      ...more,
    );
    const { looks, found } = watch.end();
    for (const { file } of files) rmSync(file);
    said.push(output);
    assert.ok(looks > 5, `${looks} looks at the processes`);
    assert.deepEqual(found, [], "processes with the secret");
  }

  before(async () => {
    await bringUp({ "orders-db": marker.text }, "--no-wait");
    cluster = await Cluster.of(checkout, "dev");
  });

  after(async () => {
    await played?.stop();
    await checkout.onebranch("destroy", "dev", "--yes");
    checkout.remove();
  });

  async function redis(): Promise<Map<string, Buffer>> {
    const ports = JSON.parse(readFileSync(join(cluster.folder, "ports.json"), "utf8")) as { redis: number };
    const secret = cluster.list("secrets", "argocd").find(({ metadata }) => metadata.name === "argocd-redis");
    const { auth } = secret!.data as { auth: string };
    return redisContent(ports.redis, Buffer.from(auth, "base64").toString());
  }

  /** Everywhere but in the database of the embedded cluster, which is known to hold Secrets in plain text. */
  async function isNowhere(): Promise<void> {
    const places = marker.filesIn(base);
    assert.ok(places.length > 0, "the search does not find the secret in etcd");
    assert.deepEqual(
      places.filter((file) => !/\.onebranch\/clusters\/dev\/etcd\//.test(file)),
      [],
      "files with the secret",
    );
    assert.ok(!marker.isInGit(checkout.root), "the secret is in Git");
    assert.ok(!said.some((output) => marker.isIn(output)), "up said the secret");
    const content = await redis();
    const holds = [...content].filter(([key, value]) => marker.isIn(key) || marker.isIn(value)).map(([key]) => key);
    assert.deepEqual(holds, [], "keys of redis with the secret");
  }

  it("is in its namespace, and nowhere else", async () => {
    const [secret] = cluster.list("secrets", "onebranch-secrets");
    assert.deepEqual(secret?.data, { "orders-db": Buffer.from(marker.text).toString("base64") });
    await isNowhere();
  });

  it("is not in the outputs or in the second up, which changes nothing", async () => {
    await bringUp({}, "--no-wait", "--json");
    assert.match(said.at(-1)!, /dev: \d+ unchanged/);
    const state = readFileSync(join(checkout.root, ".onebranch/state/.pulumi/stacks/onebranch/dev.json"), "utf8");
    assert.match(state, /stage-secrets/);
    assert.ok(!marker.isIn(state));
  });

  it("can be read there by the login of the store, which may do nothing else", () => {
    const may = (verb: string, what: string, namespace: string) => {
      const as = ["--as", "system:serviceaccount:onebranch-secrets:stage-secrets"];
      try {
        return cluster.kubectl("auth", "can-i", verb, what, "--namespace", namespace, ...as).trim();
      } catch (error) {
        return String((error as { stdout: string }).stdout).trim();
      }
    };
    const own = "secrets/stage-secrets";
    assert.equal(may("get", own, "onebranch-secrets"), "yes");
    for (const [verb, what, namespace] of [
      ["list", "secrets", "onebranch-secrets"],
      ["get", "secrets/other", "onebranch-secrets"],
      ["update", own, "onebranch-secrets"],
      ["get", own, "argocd"],
      ["get", "secrets/argocd-secret", "argocd"],
      ["create", "serviceaccounts/token", "onebranch-secrets"],
    ] as const) {
      assert.equal(may(verb, what, namespace), "no", `${verb} ${what} in ${namespace}`);
    }
  });

  it("cannot be reached by Git", () => {
    const controller = ["--as", "system:serviceaccount:argocd:argocd-application-controller"];
    const project = JSON.parse(cluster.kubectl("get", "appproject", "platform", "-n", "argocd", "-o", "json")) as {
      spec: { destinations: object[] };
    };
    const server = "https://kubernetes.default.svc";
    const open = { spec: { destinations: [...project.spec.destinations, { server, namespace: "onebranch-secrets" }] } };
    const patch = ["--type", "merge", "--patch", JSON.stringify(open), "--dry-run=server", ...controller];
    assert.throws(
      () => cluster.kubectl("patch", "appproject", "platform", "-n", "argocd", ...patch),
      /not into argocd or onebranch-secrets/,
    );
    const change = ["--type", "merge", "--patch", '{"data":{"orders-db":"eA=="}}', "--dry-run=server", ...controller];
    assert.throws(
      () => cluster.kubectl("patch", "secret", "stage-secrets", "-n", "onebranch-secrets", ...change),
      /it holds the secrets of the stack/,
    );
    assert.throws(
      () => cluster.kubectl("delete", "namespace", "onebranch-secrets", "--dry-run=server", ...controller),
      /only Pulumi writes this object/,
    );
  });

  it("reaches an application that names its key, and leaves no other trace", async () => {
    played = new PlayedExternalSecrets(cluster);
    await played.install();
    cpSync(join(fixtures, "secrets"), checkout.root, { recursive: true });
    checkout.edit(
      "gitops/bootstrap/values.yaml",
      "    guardrails: { podSecurity: restricted }\n",
      "    guardrails: { podSecurity: restricted }\n    stage-secrets: { podSecurity: restricted }\n",
    );
    checkout.edit("gitops/apps/orders/stages/dev/pin.yaml", "version: 1.1.0", "version: 1.2.0");
    checkout.edit("gitops/apps/orders/stages/dev/values.yaml", /^/, "secrets:\n  ORDERS_DB: orders-db\n");
    checkout.commit("orders gets its database");
    played.start();
    await bringUp();
    const [filled] = cluster.list("secrets", "orders").filter(({ metadata }) => metadata.name === "orders");
    assert.deepEqual(filled?.data, { ORDERS_DB: Buffer.from(marker.text).toString("base64") });
    const { code, output } = await checkout.onebranch("status", "dev");
    assert.equal(code, 0, output);
    const known = [...(await redis()).values()].some((value) => value.includes("ExternalSecret"));
    assert.ok(known, "the search does not find in redis what Argo CD keeps there");
    await isNowhere();
  });

  it("that is missing is named by status, with the application and the key, and is there after up", async () => {
    checkout.edit("gitops/apps/orders/stages/dev/values.yaml", "orders-db\n", "orders-db\n  TOKEN: payment-token\n");
    checkout.commit("orders pays");
    const missing =
      'dev: orders wants the key "payment-token" of stage-secrets, which dev does not have; ' +
      "set it: onebranch up dev --config-file secrets.payment-token=FILE\n";
    await eventually(async () => {
      const { output } = await checkout.onebranch("status", "dev");
      return { holds: output.includes(missing), message: `status should say what is missing, says ${output}` };
    }, 120);
    await bringUp({ "payment-token": "a token" });
    const [filled] = cluster.list("secrets", "orders").filter(({ metadata }) => metadata.name === "orders");
    assert.equal(Buffer.from((filled!.data as { TOKEN: string }).TOKEN, "base64").toString(), "a token");
  });

  it("whose value changes is in files by itself, and in an environment with a new version of it", async function () {
    const shared = join(root, "gitops/charts");
    // gitops/ belongs to its user, who may do without it.
    if (!existsSync(join(shared, "service/1.0.0"))) return skip(this, "gitops/charts/service/1.0.0 is not there");
    for (const chart of ["service", "workload"])
      cpSync(join(shared, chart), join(checkout.root, "gitops/charts", chart), { recursive: true });
    const values = "gitops/apps/billing/stages/dev/values.yaml";
    const files = {
      [values]: "secrets:\n  DB: billing-db\nsecretFiles:\n  db: billing-db\n",
      "gitops/apps/billing/stages/dev/pin.yaml":
        "component: billing\nchart: service\nversion: 1.0.0\nnamespace: orders\nrequires: base\nteam: commerce\n" +
        "image: { repository: registry.example.com/billing, tag: 1.0.0 }\n",
    };
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(checkout.root, file)), { recursive: true });
      writeFileSync(join(checkout.root, file), text);
    }
    checkout.commit("add billing");
    await bringUp({ "billing-db": "one" });
    const pods = () => {
      const all = cluster.list("pods", "orders").filter(({ metadata }) => metadata.name.startsWith("billing-"));
      return all.map(({ metadata }) => metadata.name).sort();
    };
    const secrets = () => {
      const all = cluster.list("secrets", "orders").filter(({ metadata }) => metadata.name.startsWith("billing"));
      const text = (data: unknown) => Buffer.from(Object.values(data as object).join(), "base64").toString();
      return Object.fromEntries(all.map(({ metadata, data }) => [metadata.name, text(data)]));
    };
    assert.deepEqual(secrets(), { billing: "one", "billing-files": "one" });
    // KWOK starts pods without waiting for their Secrets; these are there before the next pod, as a kubelet would have it.
    cluster.kubectl("delete", "pods", "--namespace", "orders", "--all");
    await bringUp();
    const before = pods();

    await pause(1100);
    await bringUp({ "billing-db": "two" });
    await eventually(async () => {
      const found = JSON.stringify(secrets());
      return {
        holds: found === '{"billing":"two","billing-files":"two"}',
        message: `both should be two, are ${found}`,
      };
    });
    assert.deepEqual(pods(), before, "a value that changed starts no pods");
    const { code, output } = await checkout.onebranch("status", "dev");
    assert.equal(code, 1);
    assert.match(
      output,
      new RegExp(`dev: billing runs with older values of Secret orders/billing, .*\\(${before[0]}\\)`),
    );

    checkout.edit(values, /$/, 'secretsVersion: "2"\n');
    checkout.commit("billing gets its new password");
    await bringUp();
    await eventually(async () => {
      const found = JSON.stringify(secrets());
      const wanted = '{"billing-env-2":"two","billing-files":"two"}';
      return { holds: found === wanted, message: `the Secrets should be ${wanted}, are ${found}` };
    });
    assert.ok(
      !pods().some((name) => before.includes(name)),
      `${pods().join()} should be other pods than ${before.join()}`,
    );
    await checkout.succeed("status", "dev");
  });

  it("that somebody changed by hand is as it was after up", async () => {
    const patch = JSON.stringify({ data: { "orders-db": null, extra: "eA==" } });
    cluster.kubectl("patch", "secret", "stage-secrets", "-n", "onebranch-secrets", "--type", "merge", "--patch", patch);
    await bringUp();
    const [secret] = cluster.list("secrets", "onebranch-secrets");
    assert.equal((secret!.data as Record<string, string>)["orders-db"], Buffer.from(marker.text).toString("base64"));
  });
});
