import assert from "node:assert/strict";
import type { Comparison } from "../../../../cli/verbs/compare/compare";
import { useSample } from "../../support/sample";

describe("onebranch compare", () => {
  const sample = useSample();

  it("says which values and fields differ, and which layer makes the difference", async () => {
    sample.write("gitops/apps/orders/stages/prod/values.yaml", "replicas: 2\nconfig:\n  ORDERS_PAYMENT: sandbox\n");
    const { code, out, err } = await sample.run("compare", "staging", "prod", "orders");
    assert.deepEqual([code, err], [0, ""]);
    const at = (stage: string, file: string) => `gitops/apps/orders/stages/${stage}/${file}`;
    const pins = `${at("staging", "pin.yaml:9")} | ${at("prod", "pin.yaml:9")}`;
    const image = (tag: string) => `"ghcr.io/stefanprodan/podinfo:${tag}"`;
    assert.equal(
      out,
      [
        "              staging               prod",
        "stage         staging               prod",
        "provider      kind                  eks",
        "capabilities  base, nodes, storage  base, nodes, storage, loadbalancer, dns",
        "compliance    gdpr                  gdpr, pci",
        "",
        "COMPONENT  staging            prod               DIFFERENT",
        "orders     web-service 1.1.0  web-service 1.1.0  2 values (pin, cluster), 1 object",
        "",
        "orders: values",
        "KEY        staging  prod     LAYER    SET BY",
        `image.tag  "6.9.2"  "6.9.0"  pin      ${pins}`,
        `replicas   2        5        cluster  ${at("staging", "values.yaml:1")} | gitops/clusters/prod/values/orders.yaml:1`,
        "",
        "orders: manifests, staging -> prod",
        '  Application: metadata.finalizers: ["resources-finalizer.argocd.argoproj.io"] -> -',
        "  Application: spec.syncPolicy.retry.limit: 5 -> 50",
        "  differs: Deployment orders/orders",
        "    spec.replicas: 2 -> 5",
        `    spec.template.spec.containers[web-service].image: ${image("6.9.2")} -> ${image("6.9.0")}`,
        "",
      ].join("\n"),
    );
  });

  it("names the pins that make a chart's version differ, and shows what differs in bootstrap", async () => {
    const pin = "gitops/addons/cert-manager/stages/prod/pin.yaml";
    sample.write(pin, sample.read(pin).replace("v1.21.3", "v1.21.2"));
    const { out } = await sample.run("compare", "staging", "prod", "--offline");
    assert.match(
      out,
      /\ncert-manager: pinned differently\n {2}staging: cert-manager v1\.21\.3 \(gitops\/addons\/cert-manager\/stages\/staging\/pin\.yaml:\d+\)\n {2}prod: cert-manager v1\.21\.2 \(gitops\/addons\/cert-manager\/stages\/prod\/pin\.yaml:\d+\)\n/,
    );
    const { out: whole } = await sample.run("compare", "staging", "prod", "bootstrap", "--offline");
    assert.match(whole, /\n {2,}spec\.syncPolicy\.applicationsSync: "sync" -> "create-update"\n/);
    assert.match(
      out,
      /\napplicationsSync +"sync" +"create-update" +stage +gitops\/stages\/staging\.yaml:2 \| gitops\/stages\/prod\.yaml:3\n/,
    );
  });

  it("compares whole clusters: what is only in one, what is the same, what it cannot evaluate", async () => {
    const { code, out } = await sample.run("compare", "staging", "prod", "--offline", "--json", "--exit-code");
    assert.equal(code, 1);
    const { components, notes } = JSON.parse(out) as Comparison;
    assert.deepEqual(
      components.map(({ component }) => component),
      ["bootstrap", "cert-manager", "guardrails", "guestbook", "metrics-server", "orders"],
    );
    const find = (name: string) => components.find(({ component }) => component === name)!;
    assert.match(find("metrics-server").b.missing!, /^metrics-server is not in prod: it has no pin in the stage prod /);
    assert.deepEqual(
      [find("guestbook").a.chart, find("guestbook").b.chart],
      ["web-service 1.1.0", "web-service 1.0.0"],
    );
    const image = (tag: string) => `ghcr.io/stefanprodan/podinfo:${tag}`;
    assert.deepEqual(find("orders").images, [{ from: image("6.9.2"), to: image("6.9.0") }]);
    assert.ok(notes.some((note) => note.startsWith("not evaluated: the manifests of cert-manager in prod: ")));
  });

  it("finds nothing between two clusters that differ in name alone", async () => {
    const cluster = sample.read("gitops/clusters/dev/cluster.yaml");
    sample.write("gitops/clusters/dev-2/cluster.yaml", cluster.replace("name: dev", "name: dev-2"));
    const { code, out } = await sample.run("compare", "dev", "dev-2", "orders", "--exit-code");
    assert.deepEqual([code, out], [0, "the same in both: orders\n"]);
  });

  it("hides what a Secret holds", async () => {
    const secret =
      'apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData: { key: "{{ .Values.replicas }}-hidden" }\n';
    sample.write("gitops/charts/web-service/1.1.0/templates/secret.yaml", secret);
    for (const format of [[], ["--json"]]) {
      const { out } = await sample.run("compare", "staging", "prod", "orders", ...format);
      assert.match(out, /\(masked\)/);
      assert.doesNotMatch(out, /hidden/);
    }
  });

  const wrong: [string, string[], number, RegExp][] = [
    ["one cluster twice", ["dev", "dev"], 2, /^dev is compared with itself; name two clusters\n$/],
    ["an unknown cluster", ["dev", "stagin"], 2, /^there is no cluster stagin; did you mean staging\?\n$/],
    ["an unknown component", ["dev", "prod", "order"], 2, /^there is no component order; did you mean orders\?\n$/],
  ];
  for (const [what, words, exit, message] of wrong) {
    it(`refuses ${what}`, async () => {
      const { code, out, err } = await sample.run("compare", ...words);
      assert.deepEqual([code, out], [exit, ""]);
      assert.match(err, message);
    });
  }

  it("goes on with what it can read when a values file is broken", async () => {
    sample.write("gitops/apps/orders/values.yaml", "a: [\n");
    const { code, out } = await sample.run("compare", "staging", "prod", "orders");
    assert.equal(code, 0);
    assert.match(out, /^gitops\/apps\/orders\/values\.yaml:\d: not valid YAML: /m);
    assert.match(out, /^orders does not render in staging(: | until )/m);
  });
});
