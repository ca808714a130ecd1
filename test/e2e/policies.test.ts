import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { render } from "../gitops/helm";
import { root } from "../support/root";
import { skip } from "../support/skip";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { eventually } from "./support/eventually";
import { asAdmissionPolicies } from "./support/policies";

const chart = "gitops/charts/gatekeeper-policies/1.1.0";

const image = "ghcr.io/example/shop:1.2.3";
const resources = { requests: { cpu: "10m", memory: "16Mi" }, limits: { memory: "32Mi" } };
const container = (more: object = {}) => ({ name: "shop", image, resources, ...more });

function deployment(...containers: object[]): object {
  const labels = { app: "shop" };
  const template = { metadata: { labels }, spec: { containers } };
  return { apiVersion: "apps/v1", kind: "Deployment", spec: { selector: { matchLabels: labels }, template } };
}

function cronJob(initContainer: object): object {
  const pod = { restartPolicy: "Never", initContainers: [initContainer], containers: [container()] };
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    spec: { schedule: "0 0 * * *", jobTemplate: { spec: { template: { spec: pod } } } },
  };
}

const service = (spec: object) => ({ apiVersion: "v1", kind: "Service", spec: { ports: [{ port: 80 }], ...spec } });

/** What a namespace of a team is given, and the sentence that refuses it. */
const cases: [title: string, object: object, refused?: string][] = [
  ["a Deployment that keeps to all of it", deployment(container())],
  ["a digest", deployment(container({ image: `ghcr.io/example/shop@sha256:${"0".repeat(64)}` }))],
  ["a CronJob that keeps to all of it", cronJob(container({ name: "first" }))],
  ["a Service of no type", service({})],
  ["a Service of the type ClusterIP", service({ type: "ClusterIP" })],
  [
    "an image of another registry",
    deployment(container({ image: "nginx:1.2.3" }), container({ name: "b" })),
    "images come from ghcr.io/example/, localhost:5000/; found nginx:1.2.3",
  ],
  [
    "an image of a registry whose name only begins alike",
    deployment(container({ image: "ghcr.io/example-not/shop:1.2.3" })),
    "images come from ghcr.io/example/, localhost:5000/; found ghcr.io/example-not/shop:1.2.3",
  ],
  [
    "an image without a tag",
    deployment(container({ image: "ghcr.io/example/shop" })),
    "an image has a digest, or a tag other than latest; found ghcr.io/example/shop",
  ],
  [
    "an image without a tag in a registry with a port",
    deployment(container({ image: "localhost:5000/shop" })),
    "an image has a digest, or a tag other than latest; found localhost:5000/shop",
  ],
  [
    "the tag latest in an init container of a CronJob",
    cronJob(container({ name: "first", image: "ghcr.io/example/shop:latest" })),
    "an image has a digest, or a tag other than latest; found ghcr.io/example/shop:latest",
  ],
  [
    "no request",
    deployment(container({ resources: { limits: { memory: "1Gi" } } })),
    "each container has requests for cpu, memory",
  ],
  [
    "no limit",
    deployment(container({ resources: { requests: resources.requests } })),
    "each container has limits for memory",
  ],
  [
    "no resources at all",
    deployment(container({ resources: undefined })),
    "each container has requests for cpu, memory",
  ],
  [
    "a Service of the type LoadBalancer",
    service({ type: "LoadBalancer" }),
    "a Service has one of the types ClusterIP; what users reach goes through the Gateway",
  ],
];

/** The CEL of gatekeeper-policies in the API server, whose engine Gatekeeper has too: no container runs here. */
describe("the rules of gatekeeper-policies", () => {
  let checkout: Checkout | undefined;
  let cluster: Cluster;

  before(async function () {
    if (!existsSync(join(root, chart))) skip(this, `${chart} is not there`);
    checkout = new Checkout();
    await checkout.succeed("up", "dev", "--provider", "embedded", "--no-wait", "--yes");
    cluster = await Cluster.of(checkout, "dev");
    for (const [name, team] of [
      ["of-a-team", "commerce"],
      ["of-the-platform", "platform"],
    ] as const)
      cluster.apply([
        { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: { "onebranch.dev/team": team } } },
      ]);
    enforce({ enforcement: "deny", registries: ["ghcr.io/example/", "localhost:5000/"] });
    await eventually(async () => ({
      holds: refusal("of-a-team", service({ type: "LoadBalancer" })) !== "",
      message: "the API server should have read the policies",
    }));
  });

  after(async () => {
    await checkout?.onebranch("destroy", "dev", "--yes");
    checkout?.remove();
  });

  function enforce(values: object): void {
    const folder = mkdtempSync(join(tmpdir(), "onebranch-policies-"));
    const files = [join(folder, "values.yaml")];
    writeFileSync(files[0]!, stringify(values));
    const manifests = render(join(cluster.bin, "helm"), { root, release: "policies", chart, files });
    rmSync(folder, { recursive: true });
    cluster.apply(asAdmissionPolicies(manifests));
  }

  /** What the API server says; an empty text when it takes the object. */
  function refusal(namespace: string, object: object): string {
    try {
      cluster.apply([{ ...object, metadata: { name: "shop" } }], { namespace });
      return "";
    } catch (error) {
      return String((error as { stderr?: string }).stderr ?? error);
    }
  }

  for (const [title, object, refused] of cases) {
    it(`${refused === undefined ? "take" : "refuse"} ${title}`, () => {
      const said = refusal("of-a-team", object);
      if (refused === undefined) assert.equal(said, "");
      else assert.ok(said.includes(refused), said || "it was taken");
    });
  }

  describe("where images need a digest", () => {
    const digest = `@sha256:${"0".repeat(64)}`;
    const rule = "an image has a digest, which `onebranch pins --resolve` writes; found ";

    before(async () => {
      enforce({ enforcement: "deny", imageDigests: "deny" });
      await eventually(async () => ({
        holds: refusal("of-a-team", deployment(container())).includes(rule),
        message: "the API server should have read the policy about digests",
      }));
    });

    it("leave a tag in the namespaces of the platform alone", () =>
      assert.equal(refusal("of-the-platform", deployment(container())), ""));

    for (const [title, of, refused] of [
      ["a digest", `ghcr.io/example/shop${digest}`],
      ["a tag with a digest", `${image}${digest}`],
      ["a tag", image, image],
      ["a digest that is cut off", `${image}@sha256:0123`, `${image}@sha256:0123`],
    ] as const) {
      it(`${refused === undefined ? "take" : "refuse"} ${title}`, () => {
        const said = refusal("of-a-team", cronJob(container({ name: "first", image: of })));
        // The other container of the CronJob has a tag.
        const found = refused === undefined ? `${rule}${image}` : `${rule}${image}, ${refused}`;
        assert.ok(said.includes(found), said || "it was taken");
        const alone = refusal("of-a-team", deployment(container({ image: of })));
        if (refused === undefined) assert.equal(alone, "");
        else assert.ok(alone.includes(`${rule}${refused}`), alone || "it was taken");
      });
    }
  });

  it("leave the namespaces of the platform alone", () => {
    for (const [, object] of cases) assert.equal(refusal("of-the-platform", object), "");
  });
});
