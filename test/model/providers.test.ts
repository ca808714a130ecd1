import assert from "node:assert/strict";
import { effectiveCapabilities, isLocal, providerNames, providers } from "../../model/providers";

describe("capabilities", () => {
  it("base is among what every provider offers", () => {
    for (const provider of providerNames) assert.ok(providers[provider].capabilities.includes("base"), provider);
  });

  it("an embedded cluster runs no workloads", () => {
    assert.deepEqual(providers.embedded.capabilities, ["base"]);
  });

  it("a cluster can do what it declares and its provider offers", () => {
    const capabilities = ["dns" as const, "nodes" as const, "loadbalancer" as const];
    assert.deepEqual(effectiveCapabilities({ capabilities }, "embedded"), ["base"]);
    assert.deepEqual(effectiveCapabilities({ capabilities }, "kind"), ["base", "nodes"]);
    assert.deepEqual(effectiveCapabilities({ capabilities }, "eks"), ["base", "nodes", "loadbalancer", "dns"]);
    assert.deepEqual(effectiveCapabilities({ capabilities: [] }, "existing"), ["base"]);
  });
});

describe("the clusters of this machine", () => {
  it("are those of embedded and kind, and of no provider that is not known", () => {
    const names = [...providerNames, "docker", "toString"];
    assert.deepEqual(names.filter(isLocal), ["embedded", "kind"]);
  });
});
