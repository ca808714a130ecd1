import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { useSample } from "../../support/sample";

describe("onebranch render", () => {
  const sample = useSample();
  const values = "gitops/apps/orders/stages/dev/values.yaml";

  const files = (directory: string): string[] =>
    readdirSync(join(sample.root, directory), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(sample.root, directory).length + 1))
      .sort();

  it("prints the objects of a component as Argo CD applies them, sorted", async () => {
    const { code, out, err } = await sample.run("render", "dev", "orders");
    assert.deepEqual([code, err], [0, ""]);
    assert.deepEqual(
      parseAllDocuments(out).map(
        (document) => `${String(document.get("kind"))} ${String(document.getIn(["metadata", "namespace"]))}`,
      ),
      ["ConfigMap orders", "Deployment orders", "Service orders"],
    );
    assert.ok(
      out.startsWith(
        [
          "---",
          "# orders: web-service/templates/configmap.yaml",
          "apiVersion: v1",
          "data:",
          "  ORDERS_CURRENCY: USD",
          "  ORDERS_PAYMENT: fake",
          "  PODINFO_UI_MESSAGE: Orders",
          "kind: ConfigMap",
          "metadata:",
          "",
        ].join("\n"),
      ),
      out.slice(0, 400),
    );
    assert.match(out, /argocd\.argoproj\.io\/tracking-id: orders:apps\/Deployment:orders\/orders\n/);
  });

  it("prints a whole cluster, and what it cannot render", async () => {
    const { code, out, err } = await sample.run("render", "prod", "--offline");
    assert.equal(code, 1);
    assert.equal(
      err,
      "cert-manager in prod is not evaluated: the chart cert-manager v1.21.3 of https://charts.jetstack.io is not at hand; put cert-manager-v1.21.3.tgz into the directory of --charts\n",
    );
    const found = [...out.matchAll(/^# ([a-z-]+): /gm)].map((match) => match[1]);
    assert.deepEqual([...new Set(found)], ["bootstrap", "guardrails", "guestbook", "orders"]);
  });

  it("names the phase of a hook, leaves out what Argo CD never applies, and says so", async () => {
    const pod = (name: string, hook: string) =>
      [
        "---",
        "apiVersion: v1",
        "kind: Pod",
        `metadata: { name: ${name}, annotations: { helm.sh/hook: ${hook} } }`,
        "",
      ].join("\n");
    const template = "gitops/charts/web-service/1.1.0/templates/hooks.yaml";
    sample.write(
      template,
      pod("a", "pre-install") + pod("b", "test") + pod("c", "pre-instal") + pod("a", "post-install"),
    );
    const { out, err } = await sample.run("render", "dev", "orders");
    const pods = parseAllDocuments(out).filter((document) => document.get("kind") === "Pod");
    assert.deepEqual(
      pods.map((document) => document.getIn(["metadata", "annotations", "helm.sh/hook"])),
      ["post-install"],
    );
    assert.match(out, /^# orders: web-service\/templates\/hooks\.yaml \(PostSync hook\)$/m);
    const facts = JSON.parse((await sample.run("render", "dev", "orders", "--json")).out) as {
      components: { hooks: unknown[]; manifests: { kind: string }[] }[];
    };
    const [{ hooks, manifests }] = facts.components as [(typeof facts.components)[0]];
    assert.deepEqual(hooks, [
      { apiVersion: "v1", kind: "Pod", namespace: "orders", name: "a", phases: ["PostSync"] },
      { apiVersion: "v1", kind: "Pod", namespace: "orders", name: "b", phases: [] },
    ]);
    assert.equal(manifests.filter(({ kind }) => kind === "Pod").length, 1);
    assert.equal(
      err,
      "orders: Pod b (web-service/templates/hooks.yaml) is left out: Argo CD never applies this hook\n" +
        'orders: Pod c (web-service/templates/hooks.yaml) is left out: Helm does not know the hook "pre-instal"\n' +
        "orders: Pod a is made 2 times, and the last one, of web-service/templates/hooks.yaml, counts\n",
    );
  });

  it("says which manifests are others each time, and which rest on an empty lookup", async () => {
    const template = "gitops/charts/web-service/1.1.0/templates/password.yaml";
    sample.write(
      template,
      [
        "apiVersion: v1",
        "kind: Secret",
        "metadata:",
        "  name: password",
        "stringData:",
        '  a: {{ (lookup "v1" "Secret" .Release.Namespace "password").data | default (randAlpha 5) }}',
        "",
      ].join("\n"),
    );
    const { code, err } = await sample.run("render", "dev", "orders");
    assert.deepEqual(
      [code, err],
      [
        0,
        "orders: web-service/templates/password.yaml makes something else each time (randAlpha)\n" +
          "orders: web-service/templates/password.yaml looks up v1 Secret, which Argo CD answers with nothing\n",
      ],
    );
  });

  it("prints the same objects as JSON", async () => {
    const { code, out } = await sample.run("render", "dev", "orders", "--json");
    const facts = JSON.parse(out) as {
      cluster: string;
      components: { component: string; manifests: { kind: string }[] }[];
    };
    assert.equal(code, 0);
    assert.deepEqual(
      facts.components.map(({ component, manifests }) => [component, manifests.map(({ kind }) => kind)]),
      [["orders", ["ConfigMap", "Deployment", "Service"]]],
    );
  });

  it("writes one file per object, and nothing the second time", async () => {
    const first = await sample.run("render", "prod", "orders", "--output-dir", "out");
    assert.deepEqual([first.code, first.out, first.err], [0, "out: 4 files written, 0 unchanged, 0 removed\n", ""]);
    assert.deepEqual(files("out"), [
      ".onebranch-render.json",
      "prod/orders/configmap-orders-orders.yaml",
      "prod/orders/deployment-orders-orders.yaml",
      "prod/orders/poddisruptionbudget-orders-orders.yaml",
      "prod/orders/service-orders-orders.yaml",
    ]);
    const before = statSync(join(sample.root, "out/prod/orders/service-orders-orders.yaml")).mtimeMs;
    const second = await sample.run("render", "prod", "orders", "--output-dir", "out");
    assert.deepEqual([second.code, second.out], [0, "out: 0 files written, 4 unchanged, 0 removed\n"]);
    assert.equal(statSync(join(sample.root, "out/prod/orders/service-orders-orders.yaml")).mtimeMs, before);
  });

  it("removes what it wrote and is gone, and nothing else", async () => {
    await sample.run("render", "prod", "orders", "--output-dir", "out");
    await sample.run("render", "dev", "orders", "--output-dir", "out");
    sample.write("out/prod/orders/README.md", "mine\n");
    sample.write("gitops/clusters/prod/values/orders.yaml", "replicas: 1\n");
    const { out } = await sample.run("render", "prod", "--offline", "--output-dir", "out");
    assert.match(out, /^out: \d+ files written, 2 unchanged, 1 removed\n$/);
    assert.equal(existsSync(join(sample.root, "out/prod/orders/poddisruptionbudget-orders-orders.yaml")), false);
    assert.equal(sample.read("out/prod/orders/README.md"), "mine\n");
    assert.equal(files("out/dev/orders").length, 3);
  });

  it("keeps the files of a component that does not render any more", async () => {
    await sample.run("render", "dev", "orders", "--output-dir", "out");
    sample.write(values, "replicas: many\n");
    const { code, out, err } = await sample.run("render", "dev", "orders", "--output-dir", "out");
    assert.deepEqual([code, out], [1, "out: 0 files written, 0 unchanged, 0 removed\n"]);
    assert.match(err, /^orders in dev does not render: .*replicas/s);
    assert.equal(files("out/dev/orders").length, 3);
  });

  it("touches nothing when a file in the way is somebody else's", async () => {
    sample.write("out/dev/orders/service-orders-orders.yaml", "mine\n");
    const { code, err } = await sample.run("render", "dev", "orders", "--output-dir", "out");
    assert.equal(code, 1);
    assert.equal(
      err,
      "onebranch did not write these files, or somebody changed them since; nothing was touched:\n  out/dev/orders/service-orders-orders.yaml\n",
    );
    assert.deepEqual(files("out"), ["dev/orders/service-orders-orders.yaml"]);
  });

  it("follows no link out of the directory", async () => {
    sample.write("elsewhere/keep.yaml", "mine\n");
    sample.write("out/other", "");
    symlinkSync("../elsewhere", join(sample.root, "out/dev"));
    const { code, err } = await sample.run("render", "dev", "orders", "--output-dir", "out");
    assert.deepEqual([code, err], [1, "out/dev is a symbolic link; nothing was touched\n"]);
    assert.deepEqual(files("elsewhere"), ["keep.yaml"]);
  });

  it("does not believe a list that somebody wrote", async () => {
    sample.write("out/.onebranch-render.json", '{"files":{"dev/../../gitops/bootstrap/Chart.yaml":"x"}}');
    const { code, err } = await sample.run("render", "dev", "orders", "--output-dir", "out");
    assert.deepEqual(
      [code, err],
      [1, "out/.onebranch-render.json is not what onebranch wrote; restore it, or render into an empty directory\n"],
    );
  });

  const broken: [string, string | Buffer][] = [
    ["broken YAML", "config: [a\n"],
    ["a binary file", Buffer.from([0, 255, 254, 1])],
    ["10 MB of values that no schema knows", `big: "${"x".repeat(10_000_000)}"\n`],
  ];
  for (const [what, content] of broken) {
    it(`says in a sentence that ${what} does not render, and prints the rest`, async () => {
      sample.write(values, content);
      const { code, out, err } = await sample.run("render", "dev", "--offline");
      assert.equal(code, 1);
      assert.match(err, /^orders in dev does not render: /m);
      assert.ok(err.length < 5000, `${err.length} characters`);
      assert.match(out, /^# guestbook: /m);
      assert.doesNotMatch(out, /^# orders: /m);
    });
  }

  it("says why a component is not there", async () => {
    const { code, err } = await sample.run("render", "prod", "metrics-server");
    assert.equal(code, 1);
    assert.match(err, /^metrics-server is not in prod: it has no pin in the stage prod /);
    assert.deepEqual(
      (await sample.run("render", "dev", "order")).err,
      "there is no component order; did you mean orders?\n",
    );
    assert.deepEqual((await sample.run("render", "prd")).err, "there is no cluster prd; did you mean prod?\n");
  });
});
