import assert from "node:assert/strict";
import { layerPaths, pathNames, pathOf, requiredFiles } from "../../../model/layers";
import { Renderer } from "../../../cli/tree/renderer";
import { rendererBinary } from "../../../cli/tree/renderer/binary";
import { generateFleet } from "../../fleet/generate";
import { Repo } from "./support";

/** What the ApplicationSets of bootstrap's own templates list, in every cluster of a small fleet. */
for (const rings of [[], ["canary", "early", "rest"]]) {
  describe(`the order of the value layers${rings.length === 0 ? "" : " in rings"}`, () => judge(rings));
}

function judge(rings: readonly string[]): void {
  const repo = new Repo();
  const { clusters, components } = generateFleet(repo.root, { clusters: 8, components: 5, rings });
  const thirdParty = { name: "from-elsewhere", kind: "addons" as const };
  let renderer: Renderer;

  before(async function () {
    this.timeout(600_000);
    for (const { stage } of clusters) {
      const pin = {
        component: thirdParty.name,
        chart: "their",
        version: "1.0.0",
        namespace: "their",
        requires: "base",
      };
      const text = JSON.stringify({ ...pin, repo: "https://charts.example.com" });
      repo.put({ [`gitops/addons/${thirdParty.name}/stages/${stage}/pin.yaml`]: text });
    }
    const binary = await rendererBinary({ env: process.env });
    renderer = await Renderer.open({ root: repo.root, env: process.env, binary, offline: true });
  });
  after(() => {
    renderer.close();
    repo.remove();
  });

  it("is that of bootstrap's template: the same files in the same order", async () => {
    const { applications } = await renderer.expand(await renderer.tree());
    for (const cluster of clusters) {
      for (const { name, kind: group } of [...components, thirdParty]) {
        const made = applications.find((one) => one.cluster === cluster.name && one.name === name);
        assert.ok(made, `${name} in ${cluster.name}`);
        assert.deepEqual(
          made.valueFiles.map(({ path }) => path),
          layerPaths(cluster, { group, name }, { thirdParty: name === thirdParty.name }),
        );
      }
    }
  });

  it("and the files that must be there are those of the model, where the stage keeps Applications", async () => {
    const { applications } = await renderer.expand(await renderer.tree());
    for (const cluster of clusters) {
      for (const { name, kind: group } of [...components, thirdParty]) {
        const made = applications.find((one) => one.cluster === cluster.name && one.name === name)!;
        const names = { ...pathNames(cluster), group, component: name };
        assert.deepEqual(
          made.required.map(({ path }) => path),
          cluster.stage === "prod" ? requiredFiles.map((file) => pathOf(file, names)) : [],
        );
      }
    }
  });
}
