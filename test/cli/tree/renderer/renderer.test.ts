import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { rendererSources } from "../../../../machine/renderer";
import { Renderer } from "../../../../cli/tree/renderer";
import { boundary } from "../../../../model/admission/boundary";
import { proofName } from "../../../../model/admission/policy";
import { proofCases } from "../../../../infra/identity/proof-cases";
import { admission, refusals } from "../../../../model/admission/applications";
import { generateFleet } from "../../../fleet/generate";
import { addTree } from "../../../support/fixtures";
import { buildRenderer } from "../../../support/renderer";
import { Repo } from "../support";

/** A repository with the tests' tree, and a renderer on it. */
async function opened(binary: string): Promise<{ repo: Repo; renderer: Renderer }> {
  const repo = new Repo();
  addTree(repo.root);
  repo.commit("tree");
  return { repo, renderer: await open(repo.root, binary) };
}

const open = (root: string, binary: string, more: Partial<Parameters<typeof Renderer.open>[0]> = {}) =>
  Renderer.open({ root, env: process.env, binary, offline: true, ...more });

describe("the engine", () => {
  let binary: string;
  let renderer: Renderer | undefined;
  let repo: Repo | undefined;

  before(async function () {
    binary = await buildRenderer.call(this);
  });
  afterEach(() => {
    renderer?.close();
    repo?.remove();
    renderer = repo = undefined;
  });

  it("renders a chart without any resource into an empty list", async () => {
    ({ repo, renderer } = await opened(binary));
    const templates = join(repo.root, "gitops", "charts", "guardrails", "1.0.0", "templates");
    rmSync(templates, { recursive: true });
    mkdirSync(templates);
    writeFileSync(join(templates, "nothing.yaml"), "{{- if false }}\na: 1\n{{- end }}\n");
    const filter = { clusters: ["dev"], applications: ["guardrails"] };
    const { manifests, failed } = await renderer.render(await renderer.tree(), filter);
    assert.deepEqual([manifests.map(({ resources }) => resources), failed], [[[]], []]);
  });

  it("refuses what the proof of an identity shows its policy to refuse, and nothing of a good tree", async () => {
    ({ repo, renderer } = await opened(binary));
    const tree = await renderer.tree();
    const scope = tree.clusters[0]!.scope!;
    // The renderer stands for Git, and for nobody who may do more.
    const cases = proofCases(scope).filter(({ as, refusal }) => as === undefined || refusal !== undefined);
    const written = cases.map(({ object }, index) => JSON.stringify(object).replaceAll(proofName, `proof-${index}`));
    repo.put({ "gitops/bootstrap/templates/proofs.yaml": written.join("\n---\n") });
    const judged = await renderer.expand(await renderer.tree(), { clusters: [scope.name] });
    const messages = Object.values(refusals(scope)).map((refusal, rule) => [refusal, admission.rules[rule]!.message]);
    const messageOf = Object.fromEntries(messages) as Record<string, string>;
    for (const [index, { title, refusal }] of cases.entries()) {
      const { invalid = "" } = judged.applications.find(({ name }) => name === `proof-${index}`)!;
      const expected = refusal === undefined ? "" : `admission refuses it: ${messageOf[refusal]}`;
      assert.ok(refusal === undefined ? invalid === "" : invalid.startsWith(expected), `${title}: ${invalid}`);
    }
    const { applications } = await renderer.expand(tree);
    assert.deepEqual(
      applications.filter(({ invalid }) => invalid !== undefined),
      [],
    );
  });

  it("expands the shipped tree into the Applications of each cluster, with value files in layer order", async () => {
    ({ repo, renderer } = await opened(binary));
    const { applications, errors, notEvaluated, sets } = await renderer.expand(await renderer.tree());
    assert.deepEqual([errors, notEvaluated], [[], []]);
    assert.deepEqual(
      sets.filter(({ error, notEvaluated: unknown }) => error !== undefined || unknown !== undefined),
      [],
    );
    const orders = applications.find(({ cluster, name }) => cluster === "prod" && name === "orders")!;
    assert.deepEqual(
      orders.valueFiles.filter(({ exists }) => exists).map(({ path }) => path),
      [
        "gitops/apps/orders/values.yaml",
        "gitops/apps/orders/stages/prod/pin.yaml",
        "gitops/apps/orders/stages/prod/values.yaml",
        "gitops/apps/orders/regions/eu-west-1.yaml",
        "gitops/clusters/prod/values/orders.yaml",
      ],
    );
    assert.deepEqual(orders.origins, ["gitops/apps/orders/stages/prod/pin.yaml"]);
    assert.deepEqual(orders.application.metadata.labels, {
      "onebranch.dev/cluster": "prod",
      "onebranch.dev/component": "orders",
      "onebranch.dev/region": "eu-west-1",
      "onebranch.dev/stage": "prod",
    });
    assert.deepEqual([orders.set, orders.invalid, orders.collides], ["components", undefined, undefined]);
  });

  it("renders every Application of the tree, with tracking and namespace", async () => {
    ({ repo, renderer } = await opened(binary));
    const { manifests, failed } = await renderer.render(await renderer.tree(), {
      clusters: ["dev"],
      applications: ["orders"],
    });
    assert.deepEqual(failed, []);
    const deployment = manifests[0]!.resources.find(({ kind }) => kind === "Deployment")!;
    const object = (await renderer.documents([deployment.id])).get(deployment.id)!;
    assert.equal(object.metadata.namespace, "orders");
    assert.deepEqual(object.metadata.annotations, {
      "argocd.argoproj.io/tracking-id": "orders:apps/Deployment:orders/orders",
    });
  });

  it("finds no difference between a commit and a clean working tree", async () => {
    ({ repo, renderer } = await opened(binary));
    const diff = await renderer.diff(await renderer.tree("HEAD"), await renderer.tree());
    const { changes, notEvaluated, failed, statistics } = diff;
    assert.deepEqual([changes, notEvaluated, failed], [[], [], []]);
    assert.deepEqual([statistics.changed, statistics.renders], [0, 0]);
  });

  it("says which field changes where, and which file makes it", async () => {
    ({ repo, renderer } = await opened(binary));
    repo.put({ "gitops/apps/orders/regions/eu-west-1.yaml": "config: { ORDERS_CURRENCY: CHF }\n" });
    const { changes } = await renderer.diff(await renderer.tree("HEAD"), await renderer.tree());
    const [change] = changes;
    assert.equal(changes.length, 1);
    assert.deepEqual(
      [change!.application, change!.change, change!.clusters],
      ["orders", "change", ["prod", "staging"]],
    );
    assert.deepEqual(
      change!.readings.map(({ clusters, inputs }) => ({ clusters, inputs })),
      [
        {
          clusters: ["prod"],
          inputs: [{ path: "gitops/apps/orders/regions/eu-west-1.yaml", change: "change", role: "values" }],
        },
        {
          clusters: ["staging"],
          inputs: [{ path: "gitops/apps/orders/regions/eu-west-1.yaml", change: "change", role: "values" }],
        },
      ],
    );
    assert.deepEqual(change!.readings[1]!.head.slice(0, 2), [
      "gitops/apps/orders/values.yaml",
      "gitops/apps/orders/stages/staging/pin.yaml",
    ]);
    const config = change!.resources.find(({ kind }) => kind === "ConfigMap")!;
    assert.deepEqual(
      config.fields!.map(({ path, to }) => [path, to]),
      [["data.ORDERS_CURRENCY", "CHF"]],
    );
  });

  it("sees a component that appears and one that goes", async () => {
    ({ repo, renderer } = await opened(binary));
    repo.git("rm", "--quiet", "gitops/apps/orders/stages/dev/pin.yaml");
    repo.put({
      "gitops/apps/fresh/values.yaml": "{}\n",
      "gitops/apps/fresh/stages/dev/pin.yaml":
        "component: fresh\nchart: web-service\nversion: 1.1.0\nnamespace: orders\nrequires: base\nteam: commerce\nimage: { repository: r, tag: '1' }\n",
    });
    const { changes } = await renderer.diff(await renderer.tree("HEAD"), await renderer.tree());
    assert.deepEqual(
      changes.map(({ application, change, clusters }) => [application, change, clusters]),
      [
        ["fresh", "add", ["dev"]],
        ["orders", "remove", ["dev"]],
      ],
    );
  });

  it("answers the same bytes twice", async () => {
    repo = new Repo();
    generateFleet(repo.root, { clusters: 12, components: 8, seed: 7, canaries: 0.1, exceptions: 0.1 });
    const answers: string[] = [];
    for (const round of [1, 2]) {
      renderer = await open(repo.root, binary, { workers: round });
      const tree = await renderer.tree();
      answers.push(JSON.stringify([await renderer.expand(tree), await renderer.render(tree)]));
      renderer.close();
    }
    assert.equal(answers[0], answers[1]);
  });

  it("names a chart that writes without end, and goes on", async () => {
    ({ repo, renderer } = await opened(binary));
    const pin = repo.git("show", "HEAD:gitops/apps/orders/stages/dev/pin.yaml");
    const version = /version: (\S+)/.exec(pin)![1]!;
    repo.put({
      [`gitops/charts/web-service/${version}/templates/endless.yaml`]:
        '{{ define "more" }}{{ include "more" . }}{{ include "more" . }}{{ end }}a: {{ include "more" . }}\n',
    });
    renderer.close();
    renderer = await open(repo.root, binary, { renderSeconds: 1 });
    const tree = await renderer.tree();
    const { failed, manifests } = await renderer.render(tree, {
      clusters: ["dev"],
      applications: ["orders", "guardrails"],
    });
    assert.equal(failed.length, 1);
    assert.match(failed[0]!.reason, /nested reference name|does not come to an end in time/);
    assert.deepEqual(
      manifests.map(({ application }) => application),
      ["guardrails"],
    );
  });

  it("takes a link for a file with the text of its target, as Argo CD gets it", async () => {
    ({ repo, renderer } = await opened(binary));
    mkdirSync(join(repo.root, "docs"));
    symlinkSync("../..", join(repo.root, "docs/up"));
    const values = join(repo.root, "gitops/apps/orders/stages/dev/values.yaml");
    rmSync(values, { force: true });
    symlinkSync("../prod/values.yaml", values);
    const { failed, manifests } = await renderer.render(await renderer.tree(), { clusters: ["dev"] });
    assert.deepEqual(
      failed.map((one) => one.application),
      ["orders"],
    );
    assert.match(failed[0]!.reason, /stages\/dev\/values\.yaml: .*cannot unmarshal string/);
    assert.ok(manifests.some(({ application }) => application === "guardrails"));
  });

  it("says of a chart that is a submodule what Argo CD has in its place", async () => {
    ({ repo, renderer } = await opened(binary));
    const chart = "gitops/charts/guardrails/1.0.0";
    repo.git("rm", "-r", "--quiet", chart);
    mkdirSync(join(repo.root, chart), { recursive: true });
    repo.git("-C", chart, "init", "--quiet");
    repo.git("-C", chart, "commit", "--quiet", "--allow-empty", "--message", "module");
    const { failed } = await renderer.render(await renderer.tree(), { clusters: ["dev"] });
    const reason = `${chart} is a Git submodule, which is an empty directory to Argo CD: it does not fetch submodules here`;
    assert.deepEqual(
      failed.map((one) => `${one.application}: ${one.reason}`),
      [`guardrails: ${reason}`],
    );
  });

  it("lists clusters whose files cannot be read instead of leaving them out", async () => {
    ({ repo, renderer } = await opened(binary));
    repo.put({ "gitops/clusters/prod/cluster.yaml": "name: [broken\n" });
    const { clusters, unreadable } = await renderer.tree();
    assert.deepEqual(
      clusters.map(({ name }) => name),
      ["dev", "staging"],
    );
    assert.equal(unreadable[0]!.cluster, "prod");
    assert.match(unreadable[0]!.reason, /^gitops\/clusters\/prod\/cluster\.yaml:2: not valid YAML: /);
  });

  it("keeps to the protocol's schema", async () => {
    const schema = JSON.parse(
      readFileSync(join(rendererSources, "protocol", "protocol.schema.json"), "utf8"),
    ) as object;
    const ajv = new Ajv({ strict: false });
    ajv.addSchema(schema, "protocol");
    const check = (name: string, value: unknown) => {
      const valid = ajv.validate(`protocol#/definitions/${name}`, JSON.parse(JSON.stringify(value)));
      assert.ok(valid, `${name}: ${ajv.errorsText()}`);
    };
    ({ repo, renderer } = await opened(binary));
    repo.put({ "gitops/apps/orders/values.yaml": "port: 9899\n" });
    const [base, head] = [await renderer.tree("HEAD"), await renderer.tree()];
    check("clusters", head.clusters);
    check("expand", await renderer.expand(head));
    check("render", await renderer.render(head));
    const diff = await renderer.diff(base, head);
    assert.equal(diff.changes.length > 0, true);
    check("diff", diff);
    const values = await renderer.values(head, "prod", "orders", [["replicas"], ["requires"]]);
    assert.deepEqual(values.unused, [["requires"]]);
    check("values", values);
    check("file-values", {
      files: await renderer.fileValues(head, ["gitops/apps/orders/values.yaml", "gitops/no-such.yaml"]),
    });
    const use = {
      repoURL: "https://charts.example.com",
      chart: "a",
      version: "1.0.0",
      files: ["a.yaml"],
      parameters: [],
    };
    check("unknown-values", { charts: await renderer.unknownValues(head, [use]) });
    check("request", { id: 1, op: "unknown-values", tree: head.name, charts: [use] });
    const clusters = head.clusters.slice(0, 1);
    const valuesOf = { application: "orders", probe: [["a"]] };
    check("request", { id: 1, op: "values", tree: head.name, clusters, values: valuesOf });
    check("request", { id: 1, op: "judge", admission: boundary, scope: { registrations: "" }, ids: ["a"] });
    check("request", { id: 1, op: "pods", pods: { level: "baseline", version: "1.36" }, ids: ["a"] });
    check("request", { id: 1, op: "file-values", tree: head.name, files: ["a.yaml"] });
    check("request", {
      id: 1,
      op: "diff",
      base: { tree: base.name, clusters: base.clusters },
      head: { tree: head.name, clusters: [] },
    });
    assert.throws(() => check("request", { id: 1, op: "no-such-op" }));
    assert.throws(() => check("diff", { ...diff, more: true }));
  });
});
