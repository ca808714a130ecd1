import assert from "node:assert/strict";
import { clusterScopedKinds } from "../../../infra/argocd/release-guard";
import { argoCdConfig } from "../../../infra/argocd/config";
import { chartValues, type Placement } from "../../../infra/argocd/values";
import type { Mapping } from "../../../model/mapping";
import type { Manifest } from "../../gitops/helm";
import { OfficialChart } from "../support/chart";

const choice = {
  chart: "argo-cd",
  chartRepository: "",
  chartVersion: "",
  image: { repository: "mirror.example.org/argocd", tag: "v3.5.4" },
  redisImage: { repository: "mirror.example.org/redis", tag: "8" },
};

const placements: Record<string, Placement> = {
  kind: { nodePort: 30443, checkout: "/repo" },
  existing: {},
};

describe("the official chart with the program's values", () => {
  let chart: OfficialChart | undefined;

  before(async function () {
    chart = await OfficialChart.find(this);
  });
  after(() => chart?.remove());

  const render = (values: Mapping) => chart!.render(values);

  for (const [provider, placement] of Object.entries(placements)) {
    describe(provider, () => {
      const settings = argoCdConfig(5, "https://127.0.0.1:18730");
      let manifests: Manifest[];
      before(() => {
        manifests = render(chartValues(settings, choice, placement));
      });

      const find = (kind: string, name: string) =>
        manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
      const dataOf = (name: string) => find("ConfigMap", name)?.data as Record<string, string> | undefined;

      it("renders, and every setting arrives in its ConfigMap", () => {
        const maps = {
          "argocd-cm": settings.cm,
          "argocd-rbac-cm": settings.rbac,
          "argocd-cmd-params-cm": settings.params,
        };
        for (const [name, wanted] of Object.entries(maps)) {
          const data = dataOf(name) ?? {};
          for (const [key, value] of Object.entries(wanted)) assert.equal(data[key], value, `${name} ${key}`);
        }
      });

      it("leaves both Secrets to the program, and no hook that would have to run first", () => {
        assert.equal(find("Secret", "argocd-secret"), undefined);
        assert.equal(find("Secret", "argocd-redis"), undefined);
        assert.deepEqual(
          manifests.filter(({ metadata }) => metadata.annotations?.["helm.sh/hook"]).map(({ kind }) => kind),
          [],
        );
      });

      it("has outside its namespace only what the guard takes along", () => {
        const namespaced = manifests.filter(({ metadata }) => metadata.namespace === "argocd");
        const kinds = new Set(manifests.filter((manifest) => !namespaced.includes(manifest)).map(({ kind }) => kind));
        assert.deepEqual([...kinds].sort(), Object.keys(clusterScopedKinds).sort());
      });

      it("takes every image from the mirror", () => {
        const images = [...new Set(JSON.stringify(manifests).match(/"image":"[^"]+"/g))].sort();
        assert.deepEqual(images, [
          '"image":"mirror.example.org/argocd:v3.5.4"',
          '"image":"mirror.example.org/redis:8"',
        ]);
      });
    });
  }

  it("gives the repository server the checkout, and the server its port", () => {
    const manifests = render(chartValues(argoCdConfig(5), choice, placements.kind ?? {}));
    const server = manifests.find(({ kind, metadata }) => kind === "Service" && metadata.name === "argocd-server");
    assert.equal(server?.spec.type, "NodePort");
    assert.match(JSON.stringify(server.spec.ports), /"nodePort":30443/);
    const repository = JSON.stringify(
      manifests.find(({ kind, metadata }) => kind === "Deployment" && metadata.name === "argocd-repo-server")?.spec,
    );
    assert.match(repository, /"hostPath":\{"path":"\/repo","type":"Directory"\}/);
    assert.match(repository, /"name":"GIT_CONFIG_GLOBAL","value":"\/etc\/onebranch\/gitconfig"/);
  });
});
