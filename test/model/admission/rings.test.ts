import assert from "node:assert/strict";
import { policySpec, refusals, scopeLabels, valueFiles } from "../../../model/admission/applications";
import { judgeOfSuite, reasonOf, scope, testEach, withFile, type Case } from "./support";

const inRing = { ...scope, ring: "canary" };
const rings = "/gitops/apps/orders/stages/prod/rings";

describe("the admission policy of a cluster in a ring", function () {
  this.timeout(600_000);
  const judge = judgeOfSuite(inRing);

  for (const path of [
    `${rings}/canary/pin.yaml`,
    `${rings}/canary/values.yaml`,
    "$values/gitops/addons/orders/stages/prod/rings/canary/values.yaml",
    "/gitops/apps/orders/stages/prod/pin.yaml",
    "/gitops/apps/orders/stages/prod/values.yaml",
  ]) {
    it(`lets in ${path}`, async () => assert.deepEqual(await judge([withFile(path)]), [undefined]));
  }

  const refused: [string, string][] = [
    ["another ring", `${rings}/early/values.yaml`],
    ["another ring's pin", `${rings}/early/pin.yaml`],
    ["a ring whose name starts the same", `${rings}/canary2/values.yaml`],
    ["the ring of another stage", "/gitops/apps/orders/stages/staging/rings/canary/values.yaml"],
    ["the ring's files of another component", "/gitops/apps/guestbook/stages/prod/rings/canary/values.yaml"],
    ["a climb out of the ring", `${rings}/canary/../early/values.yaml`],
  ];
  for (const [title, path] of refused) {
    it(`refuses the file of ${title}`, async () =>
      assert.deepEqual(await judge([withFile(path)]), [`${reasonOf.files}: ${path}`]));
  }

  const labelled: Case[] = [
    ["its own ring", undefined, {}],
    ["the label of another ring", "labels", { labels: { "onebranch.dev/ring": "early" } }],
    ["an empty ring", "labels", { labels: { "onebranch.dev/ring": "" } }],
  ];
  testEach(labelled, judge);

  it("names the ring in its labels, its value files and its refusals", () => {
    assert.equal(scopeLabels(inRing)["onebranch.dev/ring"], "canary");
    assert.equal(valueFiles(inRing, "orders").filter((path) => path.includes("/rings/canary/")).length, 4);
    assert.match(refusals(inRing).labels, /, prod-eu \(stage prod, ring canary, region eu-west-1\)$/);
    assert.match(policySpec(inRing).variables[0]!.expression, /"ring":"canary"/);
  });
});

describe("the admission policy of a cluster without a ring", function () {
  this.timeout(600_000);
  const judge = judgeOfSuite();

  it("refuses the files of any ring", async () => {
    const path = `${rings}/canary/values.yaml`;
    assert.deepEqual(await judge([withFile(path)]), [`${reasonOf.files}: ${path}`]);
  });

  testEach([["the label of a ring", "labels", { labels: { "onebranch.dev/ring": "canary" } }]], judge);

  it("does not speak of rings", () => {
    assert.deepEqual(
      Object.keys(scopeLabels(scope)).filter((label) => label.includes("ring")),
      [],
    );
    assert.deepEqual(
      valueFiles(scope, "orders").filter((path) => path.includes("/rings/")),
      [],
    );
    assert.doesNotMatch(policySpec(scope).variables[0]!.expression, /ring/);
  });
});
