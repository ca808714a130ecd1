import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { capabilityNames, capabilityTexts } from "../../model/capabilities";
import { docs } from "../support/paths";
import { effectiveCapabilities, isLocal, providerNames, providers } from "../../model/providers";

describe("capabilities", () => {
  it("base is among what every provider offers", () => {
    for (const provider of providerNames) assert.ok(providers[provider].capabilities.includes("base"), provider);
  });

  it("are each explained on the page of pins", () => {
    const page = readFileSync(join(docs, "pins.md"), "utf8").replaceAll(/ +/g, " ");
    for (const name of capabilityNames) assert.ok(page.includes(`| \`${name}\` | ${capabilityTexts[name]} |`), name);
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
