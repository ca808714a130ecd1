import assert from "node:assert/strict";
import * as fc from "fast-check";
import { policySpec, refusals, valueFilePattern, valueFiles } from "../../model/admission";

const place = { name: "prod-eu", stage: "prod", region: "eu-west-1" };
const pattern = new RegExp(valueFilePattern(place, "orders"));

describe("the value files of a component", () => {
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
  for (const path of allowed) it(`may be ${path}`, () => assert.match(path, pattern));

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
    it(`may not be ${title}: ${JSON.stringify(path)}`, () => assert.doesNotMatch(path, pattern));
  }

  it("are the same as an expression and one by one", () => {
    const listed = valueFiles(place, "orders").flatMap((path) => [path, `$values${path}`]);
    for (const path of listed) assert.match(path, pattern);
    for (const path of allowed) assert.ok(listed.includes(path), path);
    const part = fc.constantFrom(
      "addons",
      "apps",
      "clusters",
      "stages",
      "regions",
      "orders",
      "prod",
      "prod-eu",
      "eu-west-1",
    );
    const file = fc.constantFrom(
      "values",
      "pin",
      "values/orders",
      "pins/orders",
      "cluster",
      "prod",
      "eu-west-1",
      "orders",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), file, (parts, last) => {
        const path = `/${["gitops", ...parts, last].join("/")}.yaml`;
        return pattern.test(path) === listed.includes(path);
      }),
      { numRuns: 2000 },
    );
  });

  it("never lie above the directory they start in, whatever stands between", () => {
    const segment = fc.constantFrom("gitops", "apps", "orders", "stages", "prod", "..", ".", "", "values.yaml", "dev");
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 8 }), (segments) => {
        const path = `/${segments.join("/")}`;
        return !pattern.test(path) || (!path.includes("..") && !path.includes("dev") && !path.includes("//"));
      }),
    );
  });
});

describe("policySpec", () => {
  const spec = policySpec(place);

  it("fails closed and judges every change of Applications", () => {
    assert.equal(spec.failurePolicy, "Fail");
    assert.deepEqual(spec.matchConstraints.resourceRules, [
      { apiGroups: ["argoproj.io"], apiVersions: ["*"], operations: ["CREATE", "UPDATE"], resources: ["applications"] },
    ]);
  });

  it("gives each refusal its own rule", () => {
    const messages = spec.validations.map(({ message }) => message);
    assert.deepEqual(messages, Object.values(refusals(place)));
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

  it("builds the expression of the tested pattern, with the Application's own name as component", () => {
    const { expression } = spec.variables.find(({ name }) => name === "file") ?? { expression: "" };
    const literals = [...expression.matchAll(/r'([^']*)'/g)].map(([, text]) => text ?? "");
    assert.equal(literals.join("orders"), valueFilePattern(place, "orders"));
    assert.equal(
      expression.replaceAll(/r'[^']*'/g, "r''"),
      "r'' + object.metadata.name + r'' + object.metadata.name + r'' + object.metadata.name + r''",
    );
  });
});
