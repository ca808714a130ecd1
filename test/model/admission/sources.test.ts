import assert from "node:assert/strict";
import { chart, followed, judgeOfSuite, reasonOf, scope, testEach, type Case, type Differences } from "./support";

describe("the admission policy for sources, evaluated by the renderer", function () {
  this.timeout(600_000);
  const judge = judgeOfSuite();

  const appSource = { ...chart, helm: { valueFiles: ["/gitops/apps/orders/values.yaml"] } };
  const values = { ...followed, ref: "values" };
  const third = { repoURL: "https://charts.invalid", chart: "third", targetRevision: "1.0.0" };
  const guardOf = (group: string) => ({ helm: { valueFiles: [`/gitops/${group}/orders/stages/prod/pin.yaml`] } });
  const guard = guardOf("apps");
  const addOn = (change: object, more: object = {}): object => ({
    project: "platform",
    source: undefined,
    sources: [
      { ...third, helm: { valueFiles: ["$values/gitops/addons/orders/values.yaml"] }, ...change },
      { ...values, ...more },
    ],
  });

  const parameter = (change: object): Differences => ({
    helm: { parameters: [{ name: "clusterName", value: scope.name, forceString: true, ...change }] },
  });

  const cases: Case[] = [
    ["a fact of the cluster", undefined, parameter({})],
    ["its domain, deep inside the values", undefined, parameter({ name: "a.b-c.D_1", value: scope.domain })],
    ["the name of another cluster", "parameters", parameter({ value: "prod-us" })],
    ["the account of a cluster that names none", "parameters", parameter({ value: "111122223333" })],
    ["an empty value", "parameters", parameter({ value: "" })],
    ["a parameter without a value", "parameters", parameter({ value: undefined })],
    ["the followed repository, which is not a fact", "parameters", parameter({ value: scope.repoURL })],
    ["several facts", "parameters", parameter({ value: `{${scope.name},${scope.stage}}` })],
    ["a fact with more behind it", "parameters", parameter({ value: `${scope.name},replicas=0` })],
    ["a fact that may be a number", "parameters", parameter({ forceString: undefined })],
    ["a fact that is one", "parameters", parameter({ forceString: false })],
    ...[
      "replicas=0,a",
      "a,b",
      "a={b}",
      "a[0]",
      "a{",
      "a\\.b",
      "a..b",
      ".a",
      "a.",
      "",
      "a b",
      "a\n",
      "$ARGOCD_APP_NAME",
    ].map((name): Case => [`a parameter called ${JSON.stringify(name)}`, "parameters", parameter({ name })]),
    ["a parameter without a name", "parameters", parameter({ name: undefined })],
    ["a fact for bootstrap", "parameters", { name: "bootstrap", ...parameter({}) }],
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
            { ...chart, helm: { valueFiles: ["/gitops/apps/orders/values.yaml"] } },
            { ...followed, ref: "values", helm: { values: "a: 1" } },
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
    [
      "bootstrap",
      undefined,
      {
        name: "bootstrap",
        helm: {
          parameters: [
            { name: "repoURL", value: scope.repoURL },
            { name: "provider", value: "kind" },
          ],
        },
      },
    ],
    [
      "bootstrap's parameter for another branch",
      "parameters",
      { name: "bootstrap", helm: { parameters: [{ name: "targetRevision", value: "evil" }] } },
    ],
    [
      "bootstrap's parameter without a value",
      "parameters",
      { name: "bootstrap", helm: { parameters: [{ name: "repoURL" }] } },
    ],
    ["another branch", "repository", { source: { targetRevision: "evil" } }],
    ["no revision", "repository", { source: { targetRevision: undefined } }],
    ["the end of the followed revision", "repository", { source: { targetRevision: "refs/heads/main" } }],
    ["another repository", "repository", { source: { repoURL: "https://git.invalid/other.git" } }],
    ["the repository in other letters", "repository", { source: { repoURL: "https://git.invalid/Tree.git" } }],
    [
      "values of another branch",
      "repository",
      { spec: { source: undefined, sources: [appSource, { ...values, targetRevision: "evil" }] } },
    ],
    [
      "values of another repository",
      "repository",
      { spec: { source: undefined, sources: [appSource, { ...values, repoURL: "r" }] } },
    ],
    [
      "two sources of the tree",
      undefined,
      { spec: { source: undefined, sources: [appSource, { ...chart, ...guard }] } },
    ],
    ["an add-on of a chart repository", undefined, { spec: addOn({}) }],
    [
      "an add-on whose values have a chart beside them",
      undefined,
      { spec: addOn({}, { ...chart, ...guardOf("addons") }) },
    ],
    [
      "an app of a chart repository",
      "chart",
      { spec: { source: undefined, sources: [{ ...third, helm: appSource.helm }, values] } },
    ],
    ["a chart of the tree's own repository", "chart", { spec: addOn({ repoURL: scope.repoURL }) }],
    ["a chart of an OCI registry", undefined, { spec: addOn({ repoURL: "registry.invalid:5000/charts" }) }],
    ...Object.entries({
      "an image of a registry": { repoURL: "oci://registry.invalid/charts" },
      "a directory of the machine": { repoURL: "file:///charts" },
      "a login": { repoURL: "https://user:word@charts.invalid" },
      "an address without TLS": { repoURL: "http://charts.invalid" },
      "a Git repository by ssh": { repoURL: "git@git.invalid:charts.git" },
      "a second line": { repoURL: "https://charts.invalid\n" },
      "a range of versions": { targetRevision: "1.x" },
      "the newest version": { targetRevision: "" },
      "any version": { targetRevision: undefined },
    }).map(([title, change]): Case => [`a chart of ${title}`, "chart", { spec: addOn(change) }]),
    ["a chart with a path", "chart", { spec: addOn({ path: "gitops/charts/web-service/1.2.0" }) }],
    ["a chart that others refer to", "chart", { spec: addOn({ ref: "values" }) }],
    ["the directory of another stage", "path", { source: { path: "gitops/apps/orders/stages/dev" } }],
    ["another cluster's directory", "path", { source: { path: "gitops/clusters/prod-us" } }],
    ["a path that climbs", "path", { source: { path: "gitops/charts/../apps/orders" } }],
    ["a version that climbs", "path", { source: { path: "gitops/charts/web-service/.." } }],
    ["a directory inside a chart", "path", { source: { path: "gitops/charts/web-service/1.2.0/templates" } }],
    ["a path with a second line", "path", { source: { path: "gitops/charts/web-service/1.2.0\n" } }],
    ["an absolute path", "path", { source: { path: "/gitops/charts/web-service/1.2.0" } }],
    ["no path", "path", { source: { path: undefined } }],
    ["the path of bootstrap", "path", { source: { path: "gitops/bootstrap" } }],
    ["bootstrap from a chart", "path", { name: "bootstrap", source: { path: chart.path } }],
    ["a path behind a reference that climbs", "path", { spec: addOn({}, { path: "gitops/clusters/prod-us" }) }],
    ["Kustomize", "options", { source: { kustomize: { patches: [{ patch: "a" }] } } }],
    ["a directory", "options", { source: { directory: { jsonnet: { tlas: [{ name: "a", value: "b" }] } } } }],
    ["tags with a prefix", "options", { source: { tagPrefix: "v/" } }],
    ["files of any name", "options", { source: { directory: { disableExtensionFilter: true } } }],
    [
      "a pattern of value files",
      "files",
      { helm: { valueFiles: [...appSource.helm.valueFiles, "/gitops/apps/orders/*.yaml"] } },
    ],
    ["a plugin", "options", { source: { plugin: { name: "p" } } }],
    ["what Argo CD would find out", "options", { source: { helm: undefined } }],
    ["Helm without value files", "options", { source: { helm: { ignoreMissingValueFiles: true } } }],
    ...Object.entries({
      releaseName: "other",
      namespace: "other",
      kubeVersion: "1.30",
      apiVersions: ["a/v1"],
      passCredentials: true,
      skipSchemaValidation: true,
      version: "v3",
    }).map(([option, value]): [string, "helm", Differences] => [
      `helm.${option}`,
      "helm",
      { helm: { [option]: value } },
    ]),
    ["what is left out", undefined, { helm: { skipCrds: true, skipTests: true, ignoreMissingValueFiles: true } }],
    ["an app in the platform's project", "team", { spec: { project: "platform" } }],
    ["an add-on in a team's project", "team", { helm: { valueFiles: ["/gitops/addons/orders/values.yaml"] } }],
    [
      "files of both groups",
      "team",
      { helm: { valueFiles: ["/gitops/apps/orders/values.yaml", "/gitops/addons/orders/values.yaml"] } },
    ],
    ["files of neither group", "team", { helm: { valueFiles: ["/gitops/stages/prod.yaml"] } }],
  ];
  testEach(cases, judge);

  it("names the source that is not followed, and the option", async () => {
    const elsewhere = { repoURL: "https://git.invalid/other.git", targetRevision: undefined };
    const wrong: Differences[] = [
      { source: { targetRevision: "evil" } },
      { source: elsewhere },
      { helm: { releaseName: "a" } },
      parameter({ value: "prod-us" }),
      parameter({ name: undefined }),
    ];
    assert.deepEqual(await judge(wrong), [
      `${reasonOf.repository}: https://git.invalid/tree.git at evil`,
      `${reasonOf.repository}: https://git.invalid/other.git at HEAD`,
      `${reasonOf.helm}: releaseName`,
      `${reasonOf.parameters}: clusterName=prod-us`,
      `${reasonOf.parameters}: =prod-eu`,
    ]);
  });

  it("names the first file that is wrong, of any source", async () => {
    const right = "/gitops/apps/orders/values.yaml";
    const sources = [[right], [right, "/a.yaml", "/b.yaml"]].map((valueFiles) => ({
      ...chart,
      helm: { valueFiles },
    }));
    assert.deepEqual(await judge([{ spec: { source: undefined, sources } }]), [`${reasonOf.files}: /a.yaml`]);
  });
});
