import assert from "node:assert/strict";
import { containerImages, withRegistry } from "../../../../cli/tree/kubernetes/images";

describe("images of containers", () => {
  it("are found wherever a kind has its pod template", () => {
    const pod = { initContainers: [{ image: "a" }], containers: [{ image: "b" }, { name: "without" }] };
    const job = { spec: { jobTemplate: { spec: { template: { spec: pod } } } }, image: "not-a-container" };
    assert.deepEqual(containerImages(job), ["a", "b"]);
  });

  for (const [image, full] of [
    ["redis", "docker.io/library/redis"],
    ["bitnami/redis:7", "docker.io/bitnami/redis:7"],
    ["ghcr.io/a/b@sha256:0", "ghcr.io/a/b@sha256:0"],
    ["localhost/a", "localhost/a"],
    ["registry:5000/a", "registry:5000/a"],
  ] as const) {
    it(`${image} is ${full}`, () => assert.equal(withRegistry(image), full));
  }
});
