import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { keepRepo, runTool, TreeRepo } from "../cli/support/tree-repo";
import { root } from "../support/root";
import { skip } from "../support/skip";

const chart = "gitops/charts/monitoring/1.0.0";

interface Manifest {
  kind: string;
  metadata: { name: string; labels?: Record<string, string> };
  spec?: object;
  data?: Record<string, string>;
}

/**
 * The alerts and dashboards as the chart renders them, in the hands of the rule engine of Prometheus: rules_test.go,
 * queries_test.go.
 */
describe("the chart monitoring", function () {
  this.timeout(600_000);
  const repo = keepRepo(new TreeRepo());
  const rendered = mkdtempSync(join(tmpdir(), "onebranch-rules-"));
  let manifests: Manifest[];

  before(async function () {
    if (!existsSync(join(root, chart))) skip(this, `${chart} is not there`);
    cpSync(join(root, chart), join(repo.root, chart), { recursive: true });
    repo.put({
      "gitops/addons/monitoring/values.yaml": "rules: [argocd, fleet, tenants]\nlabels: { release: kps }\n",
      "gitops/addons/monitoring/stages/dev/pin.yaml":
        "component: monitoring\nchart: monitoring\nversion: 1.0.0\nnamespace: guardrails\nrequires: base\n",
    });
    const { out, err } = await runTool(repo.root, "render", "dev", "monitoring", "--offline", "--json");
    assert.equal(err, "");
    manifests = (JSON.parse(out) as { components: { manifests: Manifest[] }[] }).components[0]!.manifests;
    for (const { kind, metadata, spec, data = {} } of manifests) {
      const name = metadata.name.replace("onebranch-", "");
      if (kind === "PrometheusRule") writeFileSync(join(rendered, `${name}.yaml`), stringify(spec));
      else for (const [file, text] of Object.entries(data)) writeFileSync(join(rendered, file), text);
    }
  });

  after(() => rmSync(rendered, { recursive: true, force: true }));

  it("makes a rule for each group and a dashboard for each reader, which are found by their labels", () => {
    const made = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
    assert.deepEqual(made, [
      "ConfigMap onebranch-cluster",
      "ConfigMap onebranch-fleet",
      "ConfigMap onebranch-team",
      "PrometheusRule onebranch-argocd",
      "PrometheusRule onebranch-fleet",
      "PrometheusRule onebranch-tenants",
    ]);
    for (const { kind, metadata } of manifests) {
      const [label, value] = kind === "ConfigMap" ? ["grafana_dashboard", "1"] : ["release", "kps"];
      assert.equal(metadata.labels?.[label!], value, metadata.name);
    }
  });

  it("fires each alert where it should and nowhere else, and asks for metrics that somebody has", function () {
    const go = {
      cwd: __dirname,
      env: { ...process.env, GOTOOLCHAIN: "auto", ONEBRANCH_RULES: rendered },
    };
    if (spawnSync("go", ["mod", "download", "github.com/prometheus/prometheus"], go).status !== 0)
      return skip(this, "the Go module github.com/prometheus/prometheus cannot be had here");
    try {
      execFileSync("go", ["test", "-count=1", "./..."], { ...go, encoding: "utf8", stdio: "pipe" });
    } catch (error) {
      assert.fail((error as { stdout: string }).stdout);
    }
  });
});
