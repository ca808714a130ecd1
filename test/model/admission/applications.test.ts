import assert from "node:assert/strict";
import * as fc from "fast-check";
import { Renderer, type RendererTree } from "../../../cli/tree/renderer";
import { admission, policySpec, refusals, requiredLabels, valueFiles } from "../../../model/admission/applications";
import { inClusterServer } from "../../../model/root";
import { Repo } from "../../cli/tree/support";

const scope = { name: "prod-eu", stage: "prod", region: "eu-west-1" };

/** What an Application of a component may differ in from one that is let in. */
interface Differences {
  name?: string;
  labels?: Record<string, string>;
  spec?: object;
  helm?: object;
}

describe("the admission policy, evaluated by the renderer", function () {
  this.timeout(600_000);
  const repo = new Repo();
  let renderer: Renderer;
  let tree: RendererTree;

  before(async () => {
    repo.commit();
    renderer = await Renderer.open({ root: repo.root, env: process.env, offline: true });
    tree = await renderer.tree("HEAD");
  });
  after(() => {
    renderer.close();
    repo.remove();
  });

  /** Why each of some Applications is refused; undefined for those that are let in. */
  async function judge(applications: readonly Differences[]): Promise<(string | undefined)[]> {
    const roots = applications.map(({ name = "orders", labels = {}, spec = {}, helm }, index) => ({
      metadata: { name: `set-${String(index).padStart(6, "0")}`, namespace: "argocd" },
      spec: {
        goTemplate: true,
        generators: [{ list: { elements: [{}] } }],
        template: {
          metadata: { name, labels: { ...requiredLabels(scope, name), ...labels } },
          spec: {
            project: name === "bootstrap" ? "bootstrap" : "shop",
            source: { repoURL: "https://git.invalid/tree.git", path: "p", ...(helm ? { helm } : {}) },
            destination: { server: inClusterServer, namespace: "orders" },
            ...spec,
          },
        },
      },
    }));
    // Argo CD's own controller looks at these first.
    const projects = ["default", "bootstrap", "shop"];
    const secrets = ["https://there", inClusterServer].map((server, i) => ({ name: `known-${i}`, server, labels: {} }));
    const cluster = { name: scope.name, kubeVersion: "1.36", roots, projects, secrets, scope };
    const judged = await renderer.expand({ ...tree, clusters: [cluster] });
    const reasons = new Map(judged.applications.map(({ set, invalid }) => [set, invalid]));
    assert.equal(reasons.size, applications.length, JSON.stringify(judged.sets.find(({ error }) => error)));
    return roots.map(({ metadata }) => reasons.get(metadata.name)?.replace("admission refuses it: ", ""));
  }

  const withFile = (path: string): Differences => ({ helm: { valueFiles: [path] } });
  const reasonOf = Object.fromEntries(
    Object.keys(refusals(scope)).map((rule, index) => [rule, admission.rules[index]!.message]),
  ) as ReturnType<typeof refusals>;

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

  const cases: [title: string, rule: keyof typeof reasonOf | undefined, application: Differences][] = [
    ["as the tree makes it", undefined, withFile("/gitops/apps/orders/values.yaml")],
    ["no Helm", undefined, {}],
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
    ["a hydrator", "hydrator", { spec: { sourceHydrator: { drySource: {}, syncSource: {} } } }],
    ["values", "inline", { helm: { values: "a: 1" } }],
    ["an object of values", "inline", { helm: { valuesObject: { a: 1 } } }],
    ["file parameters", "inline", { helm: { fileParameters: [{ name: "a", path: "a.yaml" }] } }],
    [
      "values of a second source",
      "inline",
      {
        spec: {
          sources: [
            { repoURL: "r", path: "p" },
            { repoURL: "r", ref: "values", helm: { values: "a: 1" } },
          ],
        },
      },
    ],
    ["a parameter", "parameters", { helm: { parameters: [{ name: "revision", value: "1" }] } }],
    [
      "a parameter that bootstrap does not have",
      "parameters",
      { name: "bootstrap", helm: { parameters: [{ name: "x", value: "1" }] } },
    ],
    ["bootstrap", undefined, { name: "bootstrap", helm: { parameters: [{ name: "repoURL", value: "1" }] } }],
    ["two faults", "labels", { labels: { "onebranch.dev/stage": "dev" }, helm: { values: "a: 1" } }],
  ];
  for (const [title, rule, application] of cases) {
    it(`${rule === undefined ? "lets in" : "refuses"} ${title}`, async () =>
      assert.deepEqual(await judge([application]), [rule && reasonOf[rule]]));
  }

  it("names the first file that is wrong, of any source", async () => {
    const right = "/gitops/apps/orders/values.yaml";
    const sources = [[right], [right, "/a.yaml", "/b.yaml"]].map((valueFiles) => ({
      repoURL: "r",
      path: "p",
      helm: { valueFiles },
    }));
    assert.deepEqual(await judge([{ spec: { source: undefined, sources } }]), [`${reasonOf.files}: /a.yaml`]);
  });
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

  it("is the evaluated policy, with the identity in one variable", () => {
    const [first, ...others] = spec.variables;
    assert.deepEqual(first, {
      name: "scope",
      expression: "{'name': 'prod-eu', 'stage': 'prod', 'region': 'eu-west-1'}",
    });
    assert.deepEqual(others, admission.variables);
    assert.deepEqual(
      spec.validations.map(({ expression }) => expression),
      admission.rules.map(({ expression }) => expression),
    );
    const rest = JSON.stringify([spec.matchConditions, admission]);
    for (const word of [scope.name, scope.region]) assert.ok(!rest.includes(word), word);
  });
});
