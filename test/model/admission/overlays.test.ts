import { followed, judgeOfSuite, scope, testEach, type Case, type Differences } from "./support";

const base = { ...followed, path: "gitops/apps/orders/base/1.0.0", helm: undefined };
const stage = "../../stages/prod/overlay";
const region = "../../regions/eu-west-1/overlay";
const image = `ghcr.io:443/o/orders@sha256:${"0a".repeat(32)}`;

const built = (kustomize: object | undefined, source: object = {}): Differences => ({
  source: { ...base, ...source, kustomize },
});
const overlays = (...components: string[]): Differences => built({ components });
const images = (...names: unknown[]): Differences => built({ components: [stage], images: names });

describe("the admission policy for what Kustomize builds", function () {
  this.timeout(600_000);
  const judge = judgeOfSuite();
  const requirement = { ...followed, path: "gitops/charts/required-files/1.0.0" };

  const cases: Case[] = [
    ["a base with the overlay of its stage", undefined, overlays(stage)],
    [
      "those of its stage and region, and the image of a pin",
      undefined,
      built({ components: [stage, region], images: ["ghcr.io/o/orders:1.2.3"] }),
    ],
    ["an image by its digest", undefined, images(image)],
    [
      "an add-on",
      undefined,
      {
        spec: { project: "platform" },
        ...built({ components: [stage] }, { path: "gitops/addons/orders/base/v1.2.3-rc.1" }),
      },
    ],
    [
      "one whose files must be there",
      undefined,
      {
        spec: {
          source: undefined,
          sources: [
            { ...base, kustomize: { components: [stage] } },
            { ...requirement, helm: { valueFiles: ["/gitops/apps/orders/stages/prod/pin.yaml"] } },
          ],
        },
      },
    ],
    [
      "the base of another component",
      "path",
      built({ components: [stage] }, { path: "gitops/apps/guestbook/base/1.0.0" }),
    ],
    [
      "a base with a name that begins the same",
      "path",
      built({ components: [stage] }, { path: "gitops/apps/orders2/base/1.0.0" }),
    ],
    ["an overlay as a base", "path", built({ components: [stage] }, { path: "gitops/apps/orders/stages/dev" })],
    ["a base that climbs", "path", built({ components: [stage] }, { path: "gitops/apps/orders/base/.." })],
    [
      "a directory inside a base",
      "path",
      built({ components: [stage] }, { path: "gitops/apps/orders/base/1.0.0/app" }),
    ],
    ["a base with a second line", "path", built({ components: [stage] }, { path: "gitops/apps/orders/base/1.0.0\n" })],
    ["a base of neither group", "path", built({ components: [stage] }, { path: "gitops/charts/orders/base/1.0.0" })],
    [
      "a base of bootstrap",
      "path",
      { ...built({ components: [stage] }, { path: "gitops/apps/bootstrap/base/1.0.0" }), name: "bootstrap" },
    ],
    ["a base of another branch", "repository", built({ components: [stage] }, { targetRevision: "evil" })],
    ["what Argo CD would find out", "options", built(undefined)],
    ["a base for Helm", "options", { source: { ...base, helm: { valueFiles: ["/gitops/apps/orders/values.yaml"] } } }],
    [
      "a base for both",
      "options",
      built({ components: [stage] }, { helm: { valueFiles: ["/gitops/apps/orders/values.yaml"] } }),
    ],
    ["a base of plain manifests", "options", built(undefined, { directory: { recurse: true } })],
    ["a chart for Kustomize", "options", { source: { helm: undefined, kustomize: { components: [stage] } } }],
    ["a chart for both", "options", { source: { kustomize: { components: [stage] } } }],
    ["no options", "options", built({})],
    ["no overlay", "options", built({ components: [] })],
    ["the overlay of another stage", "overlays", overlays("../../stages/dev/overlay")],
    ["the overlay of another region", "overlays", overlays(stage, "../../regions/us-east-1/overlay")],
    ["the overlay of a ring", "overlays", overlays("../../stages/prod/rings/canary/overlay")],
    ["the overlay of another component", "overlays", overlays("../../../guestbook/stages/prod/overlay")],
    ["an overlay by another way", "overlays", overlays("../../stages/dev/../prod/overlay")],
    ["an overlay from elsewhere", "overlays", overlays("https://git.invalid/other.git")],
    ["an overlay with a second line", "overlays", overlays(`${stage}\n`)],
    ["another image under the name of the first", "images", images("ghcr.io/o/orders=evil.invalid/orders:1")],
    ["two images", "images", images("ghcr.io/o/orders:1", "ghcr.io/o/other:1")],
    ["an image without a tag", "images", images("ghcr.io/o/orders")],
    ["an image of the build environment", "images", images("ghcr.io/o/$ARGOCD_APP_NAME:1")],
    ["an option in the place of an image", "images", images("--help:1")],
    ...Object.entries({
      ...{
        namePrefix: "x-",
        nameSuffix: "-x",
        namespace: "kube-system",
        version: "v4.0.0",
        replicas: [{ name: "a", count: 0 }],
      },
      ...{ patches: [{ patch: "a" }], commonLabels: { a: "b" }, commonAnnotations: { a: "b" } },
      ...{ ignoreMissingComponents: true, kubeVersion: "1.30", apiVersions: ["a/v1"] },
    }).map(([option, value]): Case => [
      `kustomize.${option}`,
      "kustomize",
      built({ components: [stage], [option]: value }),
    ]),
    ["an app in the platform's project", "team", { ...overlays(stage), spec: { project: "platform" } }],
    [
      "an add-on in a team's project",
      "team",
      built({ components: [stage] }, { path: "gitops/addons/orders/base/1.0.0" }),
    ],
    ["another stage's label", "labels", { ...overlays(stage), labels: { "onebranch.dev/stage": "dev" } }],
  ];
  testEach(cases, judge);
});

describe("the admission policy for what Kustomize builds, in a ring", function () {
  this.timeout(600_000);
  const judge = judgeOfSuite({ ...scope, ring: "canary" });

  const cases: Case[] = [
    ["the overlay of its ring", undefined, overlays("../../stages/prod/rings/canary/overlay", region)],
    ["that of its stage", undefined, overlays(stage)],
    ["that of another ring", "overlays", overlays("../../stages/prod/rings/early/overlay")],
    ["that of the ring in another stage", "overlays", overlays("../../stages/staging/rings/canary/overlay")],
  ];
  testEach(cases, judge);
});
