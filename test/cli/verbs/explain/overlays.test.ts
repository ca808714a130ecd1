import assert from "node:assert/strict";
import { overlaid, pinOf, replicas, shop } from "../../support/overlaid";
import { useSample } from "../../support/sample";

interface Value {
  key: string;
  value?: unknown;
  file: string;
  line: number;
  layer: string;
  overrides: Omit<Value, "key" | "overrides">[];
}

describe("onebranch explain of what Kustomize builds", () => {
  const sample = useSample();
  const dev = `${shop}/stages/dev`;
  const component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n";

  async function explained(...words: string[]): Promise<{ values: Value[]; removed: Value[] }> {
    const { code, out, err } = await sample.run("explain", "dev", "shop", ...words, "--json", "--offline");
    assert.equal(code, 0, err);
    return JSON.parse(out) as { values: Value[]; removed: Value[] };
  }

  beforeEach(() => {
    const values = "gitops/bootstrap/values.yaml";
    sample.put({
      [values]: `${sample.read(values).replace(/^kustomize: .*\n/m, "")}\nkustomize: true\n`,
      ...overlaid("dev"),
      [`${dev}/pin.yaml`]: pinOf("1.0.0", "2.0.0"),
      [`${dev}/overlay/kustomization.yaml`]: replicas(3),
      [`${shop}/regions/us-east-1/overlay/kustomization.yaml`]: `${component}patches:\n  - path: patches/more.yaml\n`,
      [`${shop}/regions/us-east-1/overlay/patches/more.yaml`]:
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec:\n  paused: true\n  replicas: 4\n",
    });
  });

  it("names the file and line of a field, and what it was in each layer below", async () => {
    const { values } = await explained("Deployment/shop.spec.replicas");
    assert.deepEqual(values, [
      {
        ...{ key: "Deployment/shop.spec.replicas", value: 4, layer: "region" },
        ...{ file: `${shop}/regions/us-east-1/overlay/patches/more.yaml`, line: 6 },
        overrides: [
          { value: 3, layer: "stage", file: `${dev}/overlay/kustomization.yaml`, line: 9 },
          { value: 1, layer: "base", file: `${shop}/base/1.0.0/deployment.yaml`, line: 6 },
        ],
      },
    ]);
  });

  it("names the pin for its image, and the base for what no overlay changes", async () => {
    const at = "Deployment/shop.spec.template.spec.containers.shop";
    const [image] = (await explained(`${at}.image`)).values;
    assert.deepEqual(
      [image!.value, image!.layer, image!.file, image!.line],
      ["registry.example.com/shop:2.0.0", "pin", `${dev}/pin.yaml`, 9],
    );
    const [cpu] = (await explained(`${at}.resources.requests.cpu`)).values;
    assert.deepEqual([cpu!.value, cpu!.layer, cpu!.line], ["10m", "base", 14]);
  });

  it("says what an overlay removes", async () => {
    const text = `${component}patches:\n  - target: { kind: Deployment }\n    patch: |\n      - op: remove\n        path: /spec/replicas\n`;
    const region = `${shop}/regions/us-east-1/overlay`;
    sample.put({ [`${region}/kustomization.yaml`]: text, [`${region}/patches/more.yaml`]: "{}\n" });
    const { removed } = await explained("Deployment/shop.spec.replicas");
    assert.deepEqual(
      removed.map(({ layer, line, overrides }) => [layer, line, overrides.length]),
      [["region", 7, 2]],
    );
  });

  it("says in text where the component comes from, and why a file has no effect", async () => {
    const { out } = await sample.run("explain", "dev", "shop", "--offline");
    assert.match(out, /^shop in dev: shop 1\.0\.0, its own base, \d+ values\n/);
    const why = await sample.run("explain", "staging", "guestbook", "--why-not", `${shop}/base/1.0.0/deployment.yaml`);
    assert.match(why.out, /is not read: it belongs to the component shop, not to guestbook/);
  });

  it("says why it does not build", async () => {
    sample.put({ [`${dev}/overlay/kustomization.yaml`]: `${component}resources: [../../prod/overlay]\n` });
    const { code, err } = await sample.run("explain", "dev", "shop", "--offline");
    assert.equal(code, 2);
    assert.match(
      err,
      /names \.\.\/\.\.\/prod\/overlay, which is not in the base or the overlays of this component here\n/,
    );
  });
});
