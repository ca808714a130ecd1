import assert from "node:assert/strict";
import * as fc from "fast-check";
import { admission, policySpec, refusals, valueFiles } from "../../../model/admission/applications";
import { judgeOfSuite, reasonOf, scope, testEach, withFile, type Case } from "./support";

describe("the admission policy, evaluated by the renderer", function () {
  this.timeout(600_000);
  const judge = judgeOfSuite();

  describe("lets an Application name the value file", () => {
    const allowed = [
      "/gitops/apps/orders/values.yaml",
      "/gitops/addons/orders/values.yaml",
      "/gitops/apps/orders/stages/prod/pin.yaml",
      "/gitops/apps/orders/stages/prod/values.yaml",
      "/gitops/apps/orders/regions/eu-west-1.yaml",
      "/gitops/clusters/prod-eu/values/orders.yaml",
      "/gitops/clusters/prod-eu/pins/orders.yaml",
      "/gitops/clusters/prod-eu/cluster.yaml",
      "/gitops/stages/prod.yaml",
      "/gitops/regions/eu-west-1.yaml",
      "$values/gitops/addons/orders/values.yaml",
      "$values/gitops/addons/orders/stages/prod/values.yaml",
      "$values/gitops/addons/orders/regions/eu-west-1.yaml",
      "$values/gitops/clusters/prod-eu/values/orders.yaml",
    ];
    for (const path of allowed) it(path, async () => assert.deepEqual(await judge([withFile(path)]), [undefined]));
  });

  describe("refuses a value file of", () => {
    const refused: [string, string][] = [
      ["another stage", "/gitops/apps/orders/stages/dev/values.yaml"],
      ["a stage whose name starts the same", "/gitops/apps/orders/stages/prod2/values.yaml"],
      ["another stage's pin", "/gitops/apps/orders/stages/staging/pin.yaml"],
      ["another stage's facts", "/gitops/stages/dev.yaml"],
      ["another region", "/gitops/apps/orders/regions/us-east-1.yaml"],
      ["another region's facts", "/gitops/regions/us-east-1.yaml"],
      ["another cluster", "/gitops/clusters/prod-us/cluster.yaml"],
      ["another cluster's values", "/gitops/clusters/prod-us/values/orders.yaml"],
      ["another component", "/gitops/apps/guestbook/values.yaml"],
      ["another component's pin in this cluster", "/gitops/clusters/prod-eu/pins/guestbook.yaml"],
      ["climbing out", "/gitops/apps/orders/stages/prod/../dev/values.yaml"],
      ["climbing out and back", "/gitops/apps/orders/../orders/values.yaml"],
      ["climbing from the root", "/../gitops/apps/orders/values.yaml"],
      ["an encoded climb", "/gitops/apps/orders/stages/prod/%2e%2e/dev/values.yaml"],
      ["a URL", "https://elsewhere.example.org/gitops/apps/orders/values.yaml"],
      ["a URL that ends like a file of ours", "https://x/?a=/gitops/apps/orders/values.yaml"],
      ["a relative path", "gitops/apps/orders/values.yaml"],
      ["a path beside the chart", "values.yaml"],
      ["another ref", "$other/gitops/apps/orders/values.yaml"],
      ["the ref in the middle", "/gitops/$values/gitops/apps/orders/values.yaml"],
      ["an empty segment", "/gitops//apps/orders/values.yaml"],
      ["a longer name", "/gitops/apps/orders/values.yaml.bak"],
      ["something before it", " /gitops/apps/orders/values.yaml"],
      ["a second line", "/gitops/apps/orders/values.yaml\n"],
      ["a line before it", "x\n/gitops/apps/orders/values.yaml"],
      ["a dot that is none", "/gitops/apps/orders/valuesxyaml"],
      ["capitals", "/GitOps/apps/orders/values.yaml"],
      ["secrets beside the values", "/gitops/apps/orders/secrets.yaml"],
      ["nothing", ""],
    ];
    for (const [title, path] of refused) {
      it(`${title}: ${JSON.stringify(path)}`, async () =>
        assert.deepEqual(await judge([withFile(path)]), [`${reasonOf.files}: ${path}`]));
    }
  });

  it("knows the same value files as the list of them", async () => {
    const listed = valueFiles(scope, "orders").flatMap((path) => [path, `$values${path}`]);
    const part = fc.constantFrom(
      "addons",
      "apps",
      "clusters",
      "stages",
      "regions",
      "orders",
      "prod",
      scope.name,
      scope.region,
    );
    const file = fc.constantFrom(
      "values",
      "pin",
      "values/orders",
      "pins/orders",
      "cluster",
      "prod",
      scope.region,
      "orders",
    );
    const some = fc.sample(fc.tuple(fc.array(part, { maxLength: 4 }), file), 2000);
    const paths = some.map(([parts, last]) => `/${["gitops", ...parts, last].join("/")}.yaml`);
    const reasons = await judge([...listed, ...paths].map(withFile));
    [...listed, ...paths].forEach((path, index) =>
      assert.equal(reasons[index] === undefined, listed.includes(path), path),
    );
  });

  it("never lets a path climb, or start above the tree, whatever stands between", async () => {
    const segment = fc.constantFrom("gitops", "apps", "orders", "stages", "prod", "..", ".", "", "values.yaml", "dev");
    const paths = fc.sample(fc.array(segment, { maxLength: 8 }), 2000).map((segments) => `/${segments.join("/")}`);
    const reasons = await judge(paths.map(withFile));
    paths.forEach((path, index) => assert.ok(reasons[index] !== undefined || !/\.\.|dev|\/\//.test(path), path));
  });

  const cases: Case[] = [
    ["as the tree makes it", undefined, withFile("/gitops/apps/orders/values.yaml")],
    ["another stage", "labels", { labels: { "onebranch.dev/stage": "dev" } }],
    ["no region", "labels", { labels: { "onebranch.dev/region": "" } }],
    ["another cluster's label", "labels", { labels: { "onebranch.dev/cluster": "prod-us" } }],
    ["another component", "component", { labels: { "onebranch.dev/component": "other" } }],
    ["a name that is not a label", "component", { name: "or.ders" }],
    ["another cluster", "destination", { spec: { destination: { server: "https://there" } } }],
    ["a cluster by name", "destination", { spec: { destination: { name: "known-1" } } }],
    ["the project default", "project", { spec: { project: "default" } }],
    ["the project of bootstrap", "project", { spec: { project: "bootstrap" } }],
    ["bootstrap in another project", "project", { name: "bootstrap", spec: { project: "shop" } }],
    [
      "labels for its namespace",
      "namespace",
      { spec: { syncPolicy: { managedNamespaceMetadata: { labels: { a: "b" } } } } },
    ],
    [
      "a confirmation",
      "confirmation",
      { annotations: { "argocd.argoproj.io/deletion-approved": "2999-01-01T00:00:00Z" } },
    ],
    ["another annotation", undefined, { annotations: { "argocd.argoproj.io/compare-options": "ServerSideDiff=true" } }],
    ["two faults", "labels", { labels: { "onebranch.dev/stage": "dev" }, helm: { values: "a: 1" } }],
  ];
  testEach(cases, judge);
});

describe("policySpec", () => {
  const spec = policySpec(scope);

  it("fails closed and judges every change of Applications", () => {
    assert.equal(spec.failurePolicy, "Fail");
    assert.deepEqual(spec.matchConstraints.resourceRules, [
      { apiGroups: ["argoproj.io"], apiVersions: ["*"], operations: ["CREATE", "UPDATE"], resources: ["applications"] },
    ]);
  });

  it("gives each refusal its own rule", () => {
    const messages = spec.validations.map(({ message }) => message);
    assert.deepEqual(messages, Object.values(refusals(scope)));
    assert.equal(new Set(messages).size, messages.length);
  });

  it("takes no parameters from the cluster: everything is a literal", () => {
    assert.deepEqual(Object.keys(spec).sort(), [
      "failurePolicy",
      "matchConditions",
      "matchConstraints",
      "validations",
      "variables",
    ]);
  });

  it("judges what starts a sync or changes the status, and Applications that are being deleted", () => {
    const { expression } = spec.matchConditions[0]!;
    assert.ok(!expression.includes("deletionTimestamp"));
    for (const part of ["object.operation != oldObject.operation", "oldObject.status", "deletion-approved"])
      assert.ok(expression.includes(part), part);
  });

  it("is the evaluated policy, with the identity in one variable", () => {
    const [first, ...others] = spec.variables;
    assert.deepEqual(first, {
      name: "scope",
      expression: `{"name":"prod-eu","stage":"prod","region":"eu-west-1","domain":"eu.example.com","repoURL":"https://git.invalid/tree.git","revision":"main"}`,
    });
    assert.deepEqual(others, admission.variables);
    assert.deepEqual(
      spec.validations.map(({ expression }) => expression),
      admission.rules.map(({ expression }) => expression),
    );
    const rest = JSON.stringify([spec.matchConditions, admission]);
    for (const word of [scope.name, scope.region, scope.domain]) assert.ok(!rest.includes(word), word);
  });
});
