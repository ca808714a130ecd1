import assert from "node:assert/strict";
import { formatFinding } from "../../model/findings";
import { parsePin } from "../../model/pin";

const app = "gitops/apps/shop/stages/dev/pin.yaml";
const addon = "gitops/addons/shop/stages/dev/pin.yaml";

/** YAML with one key to a line; an override of undefined leaves the key out. */
function yaml(base: object, override: object = {}): string {
  return Object.entries({ ...base, ...override })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join("");
}

const faults = (path: string, content: string) => parsePin(path, content).findings.map(formatFinding);

describe("parsePin of what Kustomize builds", () => {
  const built = {
    ...{ component: "shop", version: "1.1.0", namespace: "shop", requires: "base", team: "storefront" },
    image: { repository: "registry.example.com/shop", tag: "2.0.1" },
    kustomize: true,
  };

  it("takes a component that Kustomize builds, without a chart and with or without an image", () => {
    assert.deepEqual(parsePin(app, yaml(built)), { value: built, findings: [] });
    assert.deepEqual(faults(app, yaml(built, { image: undefined })), []);
    assert.deepEqual(faults(addon, yaml(built, { team: undefined })), []);
  });

  it("refuses what Kustomize does not have", () => {
    const why = "this component is built by Kustomize, from its own base [unknown-key]";
    const more = { chart: "web", repo: "https://charts.example.com", facts: { a: "name" } };
    assert.deepEqual(faults(app, yaml({ ...built, ...more }, { image: undefined })), [
      `${app}:7: a pin with kustomize has no chart; remove it: ${why}`,
      `${app}:8: a pin with kustomize has no repo; remove it: ${why}`,
      `${app}:9: a pin with kustomize has no facts; remove it: ${why}`,
    ]);
    assert.deepEqual(faults(app, yaml(built, { kustomize: false })), [
      `${app}:7: kustomize is false; write true, or remove the key [wrong-value]`,
    ]);
    assert.deepEqual(faults(app, yaml(built, { image: { tag: "1.0.0" } })), [
      `${app}:6: image has no key "repository"; add it as the base names the image, without tag [missing-key]`,
    ]);
    assert.deepEqual(faults(app, yaml(built, { kustomize: undefined })), [
      `${app}:1: key "chart" is missing; add it, or kustomize: true for a base of its own [missing-key]`,
    ]);
  });
});
