import assert from "node:assert/strict";
import { nameOf, parseExport, plainOutput, resourcesOf } from "../../model/deployment";
import { urn } from "../cli/support/fake-pulumi";

const namespace = "kubernetes:core/v1:Namespace";
const stackResource = { urn: urn("dev", "pulumi:pulumi:Stack", "onebranch-dev"), type: "pulumi:pulumi:Stack" };
const made = { urn: urn("dev", namespace, "argocd"), type: namespace, id: "argocd" };

describe("a deployment", () => {
  it("has the stack itself not among its resources", () => {
    assert.deepEqual(resourcesOf({ resources: [stackResource, made] }), [made]);
    assert.deepEqual(resourcesOf({}), []);
  });

  it("names a resource as the program does", () => {
    assert.equal(nameOf(made.urn), "argocd");
  });

  it("gives an output in plain text, and none that is secret or absent", () => {
    const sealed = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" };
    const deployment = { resources: [{ ...stackResource, outputs: { provider: "embedded", kubeconfig: sealed } }] };
    assert.equal(plainOutput(deployment, "provider"), "embedded");
    assert.equal(plainOutput(deployment, "kubeconfig"), undefined);
    assert.equal(plainOutput(deployment, "nothing"), undefined);
    assert.equal(plainOutput({}, "provider"), undefined);
  });
});

describe("resourcesOf", () => {
  it("does not count an operation that was cut off as a resource", () => {
    const pending = { resource: made, type: "creating" };
    const exported = JSON.stringify({ version: 3, deployment: { resources: [], pending_operations: [pending] } });
    assert.deepEqual(resourcesOf(parseExport(exported)), []);
  });

  it("reads the export of a stack that was never brought up", () => {
    assert.deepEqual(resourcesOf(parseExport('{"version":3,"deployment":{}}')), []);
  });
});
