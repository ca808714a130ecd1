import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../../../cli/verbs/plan/types";
import { addApp, usePlanTree } from "../../support/plan-tree";

/** `component cluster,cluster: file:line key`, with the clusters of the cause, each once. */
function causesOf(plan: Plan, component?: string): string[] {
  const lines = plan.changes
    .filter((change) => component === undefined || change.component === component)
    .flatMap((change) =>
      change.causes.map(({ file, line, key = "", side, clusters = change.clusters }) =>
        `${change.component} ${clusters.join()}: ${file.replace("gitops/", "")}:${line} ${key}${side === "base" ? " (removed)" : ""}`.trimEnd(),
      ),
    );
  return [...new Set(lines)];
}

/** Each case edits the shipped tree and names exactly the lines that a reader would point at. */
describe("the causes of a plan", () => {
  const tree = usePlanTree();

  it("are the key of a shared values file", async () => {
    tree.edit("apps/orders/values.yaml", "PODINFO_UI_MESSAGE: Orders", "PODINFO_UI_MESSAGE: Hello");
    assert.deepEqual(causesOf(await tree.plan()), [
      "orders dev,prod,staging: apps/orders/values.yaml:6 config.PODINFO_UI_MESSAGE",
    ]);
  });

  it("are one line here and another there where layers override", async () => {
    // dev reads the first, the clusters of eu-west-1 the second.
    tree.edit("apps/orders/values.yaml", "ORDERS_CURRENCY: USD", "ORDERS_CURRENCY: CHF");
    tree.edit("apps/orders/regions/eu-west-1.yaml", "config:\n  ORDERS_CURRENCY: EUR", "config: {}");
    assert.deepEqual(causesOf(await tree.plan()).sort(), [
      "orders dev: apps/orders/values.yaml:7 config.ORDERS_CURRENCY",
      "orders prod,staging: apps/orders/regions/eu-west-1.yaml:2 config.ORDERS_CURRENCY (removed)",
      "orders prod,staging: apps/orders/values.yaml:7 config.ORDERS_CURRENCY",
    ]);
  });

  it("leave out the clusters whose own file overrides the key", async () => {
    // prod's exception sets replicas itself; its stage decides nothing about them.
    tree.edit("apps/orders/stages/prod/values.yaml", "replicas: 3", "replicas: 4");
    tree.edit("apps/orders/stages/staging/values.yaml", "replicas: 2", "replicas: 4");
    assert.deepEqual(causesOf(await tree.plan()), [
      "orders staging: apps/orders/stages/staging/values.yaml:1 replicas",
    ]);
  });

  it("are a cluster's own file", async () => {
    tree.edit("clusters/prod/values/orders.yaml", "replicas: 5", "replicas: 6");
    assert.deepEqual(causesOf(await tree.plan()), ["orders prod: clusters/prod/values/orders.yaml:1 replicas"]);
  });

  it("are the version in a pin", async () => {
    tree.edit("apps/orders/stages/dev/pin.yaml", "version: 1.1.0", "version: 1.0.0");
    assert.deepEqual(causesOf(await tree.plan()), ["orders dev: apps/orders/stages/dev/pin.yaml:3 version"]);
  });

  it("are the fact in a pin that a chart gets", async () => {
    const pin = "addons/cert-manager/stages/dev/pin.yaml";
    tree.write(pin, `${tree.read(pin)}facts:\n  global.clusterName: name\n  zone: region\n`).commit("facts");
    tree.edit(pin, "clusterName: name", "clusterName: domain");
    const line = tree.read(pin).split("\n").indexOf("  global.clusterName: domain") + 1;
    assert.deepEqual(causesOf(await tree.plan()), [`cert-manager dev: ${pin}:${line} facts."global.clusterName"`]);
  });

  it("are an entry that hides a field, which is a danger", async () => {
    const pin = "addons/cert-manager/stages/dev/pin.yaml";
    const entry = (field: string) => `  - {group: apps, kind: Deployment, name: web, jsonPointers: [/spec/${field}]}\n`;
    const before = tree.read(pin);
    const first = `${before}ignoreDifferences:\n${entry("replicas")}`;
    const dangers = (plan: Plan) => plan.changes.flatMap((change) => change.dangers.map(({ message }) => message));
    const said = (field: string) =>
      `Argo CD no longer compares or writes /spec/${field} of Deployment web in cert-manager`;
    tree.write(pin, first);
    const added = await tree.plan();
    assert.deepEqual(dangers(added), [said("replicas")]);
    const line = first.split("\n").indexOf("ignoreDifferences:") + 1;
    assert.deepEqual(causesOf(added), [`cert-manager dev: ${pin}:${line} ignoreDifferences`]);
    tree.commit("ignored");
    tree.write(pin, first + entry("paused"));
    const more = await tree.plan();
    assert.deepEqual(dangers(more), [said("paused")]);
    assert.deepEqual(causesOf(more), [`cert-manager dev: ${pin}:${line + 2} ignoreDifferences[1]`]);
    tree.write(pin, before);
    assert.deepEqual(dangers(await tree.plan()), []);
  });

  it("are the default of a chart where no layer sets the key", async () => {
    tree.edit("charts/web-service/1.1.0/values.yaml", "runAsUser: 10001", "runAsUser: 10002");
    tree.edit("charts/web-service/1.1.0/values.yaml", "port: 8080", "port: 8081");
    const causes = causesOf(await tree.plan(), "orders");
    const line = tree.read("charts/web-service/1.1.0/values.yaml").split("\n").indexOf("runAsUser: 10002") + 1;
    assert.ok(line > 0);
    for (const cause of causes) assert.match(cause, new RegExp(`values\\.yaml:${line} runAsUser$`));
  });

  it("are the line of a helper that templates include", async () => {
    tree.edit("charts/web-service/1.1.0/templates/_helpers.tpl", "helm.sh/chart: {{", "helm.sh/chart: x-{{");
    const causes = causesOf(await tree.plan());
    assert.ok(causes.length > 0);
    for (const cause of causes) assert.match(cause, new RegExp(`templates/_helpers\\.tpl:7$`));
  });

  it("are the bootstrap chart for what it makes of every Application", async () => {
    tree.edit("bootstrap/values.yaml", "duration: 2s", "duration: 3s");
    const causes = causesOf(await tree.plan(), "orders");
    assert.deepEqual(causes, ["orders dev,prod,staging: bootstrap/values.yaml:11 retry.duration"]);
  });

  it("are the file of a stage", async () => {
    tree.edit("stages/staging.yaml", "prune: true", "prune: false");
    const causes = causesOf(await tree.plan(), "orders");
    assert.equal(causes.length, 1);
    assert.match(causes[0]!, /^orders staging: stages\/staging\.yaml:\d+ prune$/);
  });

  it("are the file of a cluster", async () => {
    tree.edit("clusters/staging/cluster.yaml", "region: eu-west-1", "region: us-east-1");
    assert.ok(
      causesOf(await tree.plan(), "orders").some((cause) =>
        /^orders staging: clusters\/staging\/cluster\.yaml:\d+ region$/.test(cause),
      ),
    );
  });

  it("are a pin that goes away, and nothing that happens to change with it", async () => {
    tree.delete("apps/orders/stages/staging");
    tree.edit("apps/orders/values.yaml", "PODINFO_UI_MESSAGE: Orders", "PODINFO_UI_MESSAGE: Hello");
    const { changes } = await tree.plan("--stage", "staging");
    assert.deepEqual(
      changes.flatMap(({ causes }) => causes.map(({ file, side }) => [file, side])),
      [
        ["gitops/apps/orders/stages/staging/pin.yaml", "base"],
        ["gitops/apps/orders/stages/staging/values.yaml", "base"],
      ],
    );
  });

  it("are both names of a component that is renamed", async () => {
    renameSync(join(tree.root, "gitops/apps/guestbook"), join(tree.root, "gitops/apps/visitors"));
    for (const stage of ["dev", "staging", "prod"])
      tree.edit(`apps/visitors/stages/${stage}/pin.yaml`, "component: guestbook", "component: visitors");
    const plan = await tree.plan("--stage", "dev");
    assert.deepEqual(plan.changes.map(({ component, change }) => [component, change]).sort(), [
      ["guestbook", "remove"],
      ["visitors", "add"],
    ]);
    assert.ok(causesOf(plan, "guestbook").includes("guestbook dev: apps/guestbook/stages/dev/pin.yaml:1  (removed)"));
    assert.ok(causesOf(plan, "visitors").includes("visitors dev: apps/visitors/stages/dev/pin.yaml:1"));
  });

  it("are the files of a chart of the tree that another one depends on", async () => {
    addApp(tree, "shop", '{{ include "parts.map" . }}\n');
    tree
      .write(
        "charts/shop/1.0.0/Chart.yaml",
        'apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n  - { name: parts, version: 1.x, repository: "file://../../parts/1.0.0" }\n',
      )
      .write("charts/parts/1.0.0/Chart.yaml", "apiVersion: v2\nname: parts\nversion: 1.0.0\ntype: library\n")
      .write("charts/parts/1.0.0/values.yaml", "one: 1\nlevel: low\n")
      .write(
        "charts/parts/1.0.0/templates/_map.tpl",
        '{{ define "parts.map" }}\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: map }\ndata: { a: b, level: {{ .Values.parts.level }} }\n{{ end }}\n',
      );
    const start = tree.commit();
    tree.edit("charts/parts/1.0.0/values.yaml", "level: low", "level: high");
    assert.deepEqual(causesOf(await tree.plan(start)), ["shop dev: charts/parts/1.0.0/values.yaml:2 level"]);
    tree.reset();
    tree.edit("charts/parts/1.0.0/templates/_map.tpl", "a: b", "a: c");
    assert.deepEqual(causesOf(await tree.plan(start)), ["shop dev: charts/parts/1.0.0/templates/_map.tpl:5"]);
    // A second run reads what the first kept.
    assert.deepEqual(causesOf(await tree.plan(start)), ["shop dev: charts/parts/1.0.0/templates/_map.tpl:5"]);
  });

  it("are items of lists and what an anchor stands for", async () => {
    const template =
      "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: lists }\ndata:\n  list: {{ .Values.list | toJson | quote }}\n  copy: {{ .Values.copy | toJson | quote }}\n";
    addApp(tree, "lists", template);
    const values = (second: string, level: string) =>
      `list:\n  - name: one\n    level: low\n  - name: two\n    level: ${second}\nbase: &base\n  level: ${level}\ncopy: *base\n`;
    tree.write("apps/lists/values.yaml", values("low", "low"));
    const start = tree.commit();
    tree.write("apps/lists/values.yaml", values("high", "low"));
    assert.deepEqual(causesOf(await tree.plan(start)), ["lists dev: apps/lists/values.yaml:5 list[1].level"]);
    tree.write("apps/lists/values.yaml", values("low", "high"));
    const causes = causesOf(await tree.plan(start));
    assert.ok(causes.includes("lists dev: apps/lists/values.yaml:7 base.level"), causes.join("\n"));
    // An item more, in front: the list itself.
    tree.write("apps/lists/values.yaml", values("low", "low").replace("list:\n", "list:\n  - name: zero\n"));
    assert.deepEqual(causesOf(await tree.plan(start)), ["lists dev: apps/lists/values.yaml:2 list[0]"]);
  });

  describe("are the line that explain names too", () => {
    const template =
      '{{ $v := omit .Values "global" }}apiVersion: v1\nkind: ConfigMap\nmetadata: { name: v }\ndata:\n  all: {{ $v | toJson | quote }}\n';
    const cases: { title: string; before: string; after: string; key: string; line: number }[] = [
      {
        title: "through a merge key",
        before: "base: &b\n  level: low\ncopy:\n  own: 1\n",
        after: "base: &b\n  level: low\ncopy:\n  <<: *b\n  own: 1\n",
        ...{ key: "copy.level", line: 2 },
      },
      {
        title: "through the second of two merged mappings",
        before: "a: &a\n  x: 1\nb: &b\n  size: 1\ncopy:\n  <<: [*a, *b]\n",
        after: "a: &a\n  x: 1\nb: &b\n  size: 2\ncopy:\n  <<: [*a, *b]\n",
        ...{ key: "copy.size", line: 4 },
      },
      {
        title: "through an alias",
        before: "a: &a\n  level: low\ncopy: *a\n",
        after: "a: &a\n  level: high\ncopy: *a\n",
        ...{ key: "copy.level", line: 2 },
      },
      {
        title: "in the last of several documents",
        before: "a: 1\nb: 1\n--- # more\nb: 2\n",
        after: "a: 1\nb: 1\n--- # more\nb: 3\n",
        ...{ key: "b", line: 4 },
      },
      {
        title: "in the first of several documents",
        before: "---\na: 1\n---\nb: 2\n",
        after: "---\na: 5\n---\nb: 2\n",
        ...{ key: "a", line: 2 },
      },
    ];
    const explained = async (key: string) => {
      const { code, out, err } = await tree.run("explain", "dev", "v", key, "--offline", "--json");
      assert.equal(code, 0, err);
      const { values } = JSON.parse(out) as { values: { key: string; file: string; line: number }[] };
      return values.map((value) => `${value.key} ${value.file}:${value.line}`);
    };
    const planned = async (start: string, key: string) =>
      (await tree.plan(start)).changes
        .flatMap(({ causes }) => causes)
        .filter((cause) => cause.key === key)
        .map((cause) => `${cause.key} ${cause.file}:${cause.line}`);

    for (const { title, before, after, key, line } of cases) {
      it(title, async () => {
        addApp(tree, "v", template);
        tree.write("apps/v/values.yaml", before);
        const start = tree.commit();
        tree.write("apps/v/values.yaml", after);
        const expected = [`${key} gitops/apps/v/values.yaml:${line}`];
        assert.deepEqual(await planned(start, key), expected);
        assert.deepEqual(await explained(key), expected);
      });
    }
  });
});
