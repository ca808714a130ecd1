import assert from "node:assert/strict";
import { toCell } from "../../../../cli/verbs/ui/fleet/cell";
import type { ApplicationObject, Source } from "../../../../cli/verbs/ui/fleet/application-object";
import { object } from "./support/objects";

const repoURL = "https://git.example.com/tree.git";
const chart = (version: string): Source => ({ repoURL, path: `gitops/charts/web/${version}` });
const day = (number: number) => `2026-11-${number}T10:00:00Z`;

/** An Application that has synced some sources, on one day after the other. */
function synced(now: Source, ...before: Source[]): ApplicationObject {
  const history = before.map((source, index) => ({ deployedAt: day(10 + index), source }));
  const found = object("orders", { history });
  return { ...found, spec: { ...found.spec, source: now } };
}

describe("the version of an Application on the page", () => {
  for (const [what, source, version] of [
    ["a chart of the tree", chart("1.2.0"), "1.2.0"],
    ["a chart of a registry", { repoURL, chart: "cert-manager", targetRevision: "v1.19.1" }, "v1.19.1"],
    ["a base that Kustomize builds", { repoURL, path: "gitops/apps/orders/base/2.0.0" }, "2.0.0"],
    ["bootstrap, which has none", { repoURL, path: "gitops/bootstrap" }, ""],
  ] as const)
    it(`is that of ${what}`, () => assert.equal(toCell(synced(source)).version, version));

  it("has come with the first of the syncs in a row that brought it", () => {
    const { since } = toCell(synced(chart("2"), chart("2"), chart("1"), chart("2"), chart("2"), chart("2")));
    assert.equal(since, day(12));
  });

  it("has come at no known time while the last sync is of another one", () => {
    assert.equal(toCell(synced(chart("3"), chart("3"), chart("2"))).since, "");
    assert.equal(toCell(synced(chart("3"))).since, "");
  });

  it("has come with the oldest sync that Argo CD remembers where all of them brought it", () => {
    assert.equal(toCell(synced(chart("1"), chart("1"), chart("1"))).since, day(10));
  });

  it("has come with the last sync where there is none", () => {
    const bootstrap = { repoURL, path: "gitops/bootstrap" };
    assert.equal(toCell(synced(bootstrap, bootstrap, bootstrap)).since, day(11));
  });
});
