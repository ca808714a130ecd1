import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Checkout } from "./support/checkout";
import { Cluster } from "./support/cluster";
import { eventually, type Expectation } from "./support/eventually";

const shop = "gitops/apps/shop";
const overlay = `${shop}/stages/dev/overlay`;
const component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n";
const replicas = (count: number) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec: { replicas: ${count} }\n`;

interface Deployment {
  metadata: { resourceVersion: string; labels?: Record<string, string> };
  spec: { replicas: number; template: { spec: { containers: { image: string }[] } } };
}

/** A component with a base and overlays in two real clusters: what a plan says is what they show, and nothing reaches out. */
describe("a component that Kustomize builds", () => {
  let checkout: Checkout;
  let dev: Cluster;
  let staging: Cluster;

  before(async () => {
    checkout = new Checkout();
    [dev, staging] = [await Cluster.of(checkout, "dev"), await Cluster.of(checkout, "staging")];
    const image = "ghcr.io/stefanprodan/podinfo:6.9.2";
    await checkout.succeed("new", "app", "shop", "--kustomize", "--team", "commerce", "--image", image);
    await checkout.succeed("promote", "shop", "--to", "staging");
    const commit = checkout.commit("an app of manifests");
    for (const name of ["dev", "staging"]) await checkout.succeed("up", name, "--provider", "embedded", "--yes");
    for (const cluster of [dev, staging]) await eventually(cluster.followed(commit), 120);
  });
  after(async () => {
    for (const name of ["dev", "staging"]) await checkout.succeed("destroy", name, "--yes");
    checkout.remove();
  });

  const write = (files: Record<string, string>) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(checkout.root, dirname(path)), { recursive: true });
      writeFileSync(join(checkout.root, path), text);
    }
  };
  const deployment = (cluster: Cluster) =>
    JSON.parse(cluster.kubectl("get", "deployment", "shop", "-n", "shop", "-o", "json")) as Deployment;
  const message = (cluster: Cluster) =>
    JSON.stringify(cluster.applications().find(({ metadata }) => metadata.name === "shop")?.status ?? "");
  const says = (cluster: Cluster, text: RegExp): Expectation => {
    return async () => ({
      holds: text.test(message(cluster)),
      message: `shop should say ${text}, says ${message(cluster)}`,
    });
  };

  it("is Synced and Healthy, with the image of its pin", () => {
    const { spec } = deployment(dev);
    assert.deepEqual(
      [spec.replicas, spec.template.spec.containers[0]!.image],
      [1, "ghcr.io/stefanprodan/podinfo:6.9.2"],
    );
  });

  it("gets what the overlays of its stage and region say, as the plan says before, and only in that stage", async () => {
    const others = staging.versions();
    write({
      [`${overlay}/kustomization.yaml`]: `${component}patches:\n  - path: replicas.yaml\n`,
      [`${overlay}/replicas.yaml`]: replicas(3),
      [`${shop}/regions/us-east-1/overlay/kustomization.yaml`]: `${component}labels:\n  - pairs: { example.com/region: us-east-1 }\n`,
    });
    const planned = (await checkout.succeed("plan", "--offline", "HEAD")).output;
    assert.match(planned, /~ shop {2}dev\n {2}replicas {2}Deployment shop\/shop 1 -> 3\n/);
    assert.doesNotMatch(planned, /shop {2}.*(staging|prod)/);
    const commit = checkout.commit("three of them in dev");
    for (const cluster of [dev, staging]) await eventually(cluster.followed(commit), 120);
    const { metadata, spec } = deployment(dev);
    assert.deepEqual([spec.replicas, metadata.labels?.["example.com/region"]], [3, "us-east-1"]);
    const rendered = (await checkout.succeed("render", "dev", "shop", "--offline")).output;
    assert.match(rendered, /replicas: 3/);
    assert.deepEqual(staging.versions(), others);
  });

  it("gets a new version of its base stage by stage", async () => {
    checkout.git("mv", "-k", `${shop}/base/1.0.0`, `${shop}/base/1.1.0`);
    checkout.git("checkout", "HEAD", "--", `${shop}/base/1.0.0`);
    checkout.edit(`${shop}/base/1.1.0/deployment.yaml`, "cpu: 20m", "cpu: 30m");
    checkout.edit(`${shop}/stages/dev/pin.yaml`, "version: 1.0.0", "version: 1.1.0");
    let commit = checkout.commit("the base 1.1.0 in dev");
    for (const cluster of [dev, staging]) await eventually(cluster.followed(commit), 120);
    const cpu = (cluster: Cluster) => /"cpu":\s*"(\w+)"/.exec(JSON.stringify(deployment(cluster)))![1];
    assert.deepEqual([cpu(dev), cpu(staging)], ["30m", "20m"]);
    await checkout.succeed("promote", "shop", "--to", "staging");
    commit = checkout.commit("the base 1.1.0 in staging");
    for (const cluster of [dev, staging]) await eventually(cluster.followed(commit), 120);
    assert.equal(cpu(staging), "30m");
    assert.equal(deployment(staging).spec.replicas, 1);
  });

  for (const [what, content, said] of [
    ["the overlay of another stage", "components: [../../staging/overlay]\n", /staging: no such file or directory/],
    ["a file of another component", "resources: [../../../../orders/values.yaml]\n", /no such file or directory/],
    ["another machine", "resources: ['https://example.com/a.yaml']\n", /connection refused|no 'git' program/],
    ["a repository", "resources: ['https://example.com/a.git?ref=main']\n", /no 'git' program/],
  ] as const) {
    it(`stays as it is when its overlay names ${what}, and the others go on`, async () => {
      const { resourceVersion } = deployment(dev).metadata;
      write({ [`${overlay}/kustomization.yaml`]: component + content });
      const checked = await checkout.onebranch("check", "--offline");
      assert.equal(checked.code, 1);
      assert.match(checked.output, new RegExp(`${overlay}/kustomization.yaml:3: .* \\[kustomize-reach\\]`));
      checkout.commit("reach out");
      await eventually(says(dev, said), 120);
      assert.doesNotMatch(message(dev), /\/tmp\.\w/, "the message names no directory of this build alone");
      assert.equal(deployment(dev).metadata.resourceVersion, resourceVersion);
      checkout.git("revert", "--no-edit", "HEAD");
      await eventually(dev.followed(checkout.git("rev-parse", "HEAD")), 120);
    });
  }
});
