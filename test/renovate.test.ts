import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parsePin } from "../model/pin";
import { families } from "../model/families";
import { fixtures } from "./support/paths";
import { root } from "./support/root";

interface Manager {
  managerFilePatterns: string[];
  matchStrings: string[];
  datasourceTemplate: string;
}

/** What renovate.json finds in pins. Renovate's own validator (docs/ci.md) is too large to install for a test. */
describe("renovate.json", () => {
  const { customManagers, packageRules } = JSON.parse(readFileSync(join(root, "renovate.json"), "utf8")) as {
    customManagers: Manager[];
    packageRules: { matchPackageNames: string[]; groupName: string }[];
  };

  /** What each manager that reads a file finds in it. */
  function found(path: string, text: string) {
    return customManagers.flatMap(({ managerFilePatterns, matchStrings, datasourceTemplate: datasource }) => {
      const reads = managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(path));
      const matches = matchStrings.flatMap((pattern) => [...text.matchAll(new RegExp(pattern, "g"))]);
      return reads ? matches.map(({ groups }) => ({ datasource, ...groups })) : [];
    });
  }
  const inTree = (path: string) => found(path, readFileSync(join(fixtures, "tree", path), "utf8"));

  it("raises the version of a third-party chart, in its repository", () => {
    const path = "gitops/addons/cert-manager/stages/dev/pin.yaml";
    const { chart, repo, version } = parsePin(path, readFileSync(join(fixtures, "tree", path), "utf8")).value!;
    assert.deepEqual(inTree(path), [{ datasource: "helm", depName: chart, registryUrl: repo, currentValue: version }]);
  });

  it("raises a chart of an OCI registry, which has no scheme", () => {
    const pin = "component: a\nchart: gateway-helm\nrepo: docker.io/envoyproxy\nversion: v1.9.2\n";
    assert.deepEqual(found("gitops/addons/a/stages/dev/pin.yaml", pin), [
      { datasource: "docker", chart: "gateway-helm", registry: "docker.io/envoyproxy", currentValue: "v1.9.2" },
    ]);
  });

  it("raises the charts of one family in one change", () => {
    const groups = packageRules.map(({ matchPackageNames, groupName }) => [groupName, [...matchPackageNames].sort()]);
    assert.deepEqual(
      groups,
      families.map(({ name, charts }) => [name, [...charts].sort()]),
    );
  });

  it("raises the image of an app, by its tag or its digest", () => {
    const path = "gitops/apps/orders/stages/dev/pin.yaml";
    const [image] = inTree(path) as { depName?: string; currentValue?: string }[];
    const { image: pinned } = parsePin(path, readFileSync(join(fixtures, "tree", path), "utf8")).value!;
    assert.deepEqual([image?.depName, image?.currentValue], [pinned?.repository, pinned?.tag]);
    const digest = `sha256:${"0".repeat(64)}`;
    assert.deepEqual(found(path, `image:\n  repository: ghcr.io/a/b\n  digest: ${digest} # 1.2.3\n`), [
      { datasource: "docker", depName: "ghcr.io/a/b", currentDigest: digest, currentValue: "1.2.3" },
    ]);
  });

  it("leaves every other stage, ring and cluster to promotion", () => {
    for (const path of [
      "gitops/apps/orders/stages/staging/pin.yaml",
      "gitops/addons/cert-manager/stages/prod/pin.yaml",
      "gitops/apps/orders/stages/dev/rings/canary/pin.yaml",
      "gitops/clusters/dev/pins/orders.yaml",
    ])
      assert.deepEqual(found(path, "repository: a\ntag: 1.0.0\nchart: a\nrepo: https://a\nversion: 1.0.0\n"), []);
  });
});
