import assert from "node:assert/strict";
import { capabilitiesOf, effectiveCapabilities } from "../../model/capabilities";
import { providerNames } from "../../model/providers";

describe("capabilities", () => {
  it("base is among what every provider offers", () => {
    for (const provider of providerNames) assert.ok(capabilitiesOf(provider).includes("base"), provider);
  });

  it("an embedded cluster runs no workloads", () => {
    assert.deepEqual(capabilitiesOf("embedded"), ["base"]);
  });

  it("a cluster can do what it declares and its provider offers", () => {
    const capabilities = ["dns" as const, "nodes" as const, "loadbalancer" as const];
    assert.deepEqual(effectiveCapabilities({ capabilities }, "embedded"), ["base"]);
    assert.deepEqual(effectiveCapabilities({ capabilities }, "kind"), ["base", "nodes"]);
    assert.deepEqual(effectiveCapabilities({ capabilities }, "eks"), ["base", "nodes", "loadbalancer", "dns"]);
    assert.deepEqual(effectiveCapabilities({ capabilities: [] }, "existing"), ["base"]);
  });
});
