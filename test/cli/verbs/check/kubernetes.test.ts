import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convert } from "../../../../cli/verbs/check/kubernetes/convert";
import { loadKubernetes } from "../../../../cli/verbs/check/kubernetes/load";
import { kubernetesReleases } from "../../../../machine/kubernetes-modules";
import { nameFaults } from "../../../../cli/verbs/check/kubernetes/names";
import { validateManifest } from "../../../../cli/verbs/check/kubernetes/validate";
import { isBuiltIn, type Schema } from "../../../../cli/verbs/check/kubernetes/api";
import { isMissing } from "../../../../cli/verbs/check/missing";
import { skip } from "../../../support/skip";
import { kubernetesVersions } from "../../../../model/identity";

const faults = (value: unknown, schema: Schema) => validateManifest(value, schema, {}).map(({ message }) => message);

describe("nameFaults", () => {
  const refused = (apiVersion: string, kind: string, name: string, versions = ["1.36"]) =>
    nameFaults({ apiVersion, kind, metadata: { name } }, versions).length > 0;

  it("takes a Service that starts with a digit where every cluster has Kubernetes 1.36", () => {
    assert.equal(refused("v1", "Service", "1st"), false);
    assert.equal(refused("v1", "Service", "1st", ["1.36", "1.35"]), true);
    assert.equal(refused("v1", "Service", "a.b"), true);
  });

  it("asks for one label where Kubernetes does, and for a DNS name elsewhere", () => {
    for (const [apiVersion, kind] of [
      ["v1", "Namespace"],
      ["apps/v1", "StatefulSet"],
    ] as const) {
      assert.equal(refused(apiVersion, kind, "a.b"), true, kind);
      assert.equal(refused(apiVersion, kind, "a".repeat(64)), true, kind);
    }
    for (const [apiVersion, kind] of [
      ["apps/v1", "Deployment"],
      ["v1", "Secret"],
      ["example.com/v1", "Namespace"],
    ] as const) {
      assert.equal(refused(apiVersion, kind, "a.b"), false, kind);
      assert.equal(refused(apiVersion, kind, "a".repeat(254)), true, kind);
      assert.equal(refused(apiVersion, kind, "a..b"), true, kind);
    }
  });

  it("leaves alone what an API server of its own names", () => {
    assert.equal(refused("user.openshift.io/v1", "User", "Alice@example.com"), false);
  });

  it("does not limit a Job's name where its pods do not get it as a label", () => {
    const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "j".repeat(64) } };
    assert.equal(nameFaults(job, ["1.36"]).length, 1);
    assert.deepEqual(nameFaults({ ...job, spec: { manualSelector: true } }, ["1.36"]), []);
  });
});

describe("validateManifest", () => {
  it("refuses values of another type", () => {
    const schema: Schema = {
      properties: {
        text: { type: "string" },
        whole: { type: "integer" },
        list: { type: "array", items: { type: "boolean" } },
        either: { "x-kubernetes-int-or-string": true },
      },
    };
    assert.deepEqual(faults({ text: "a", whole: 1, list: [true], either: 1 }, schema), []);
    assert.deepEqual(faults({ text: null, whole: null }, schema), []);
    assert.deepEqual(faults({ text: 1, whole: 1.5, list: [1], either: [] }, schema), [
      "text is 1",
      "whole is 1.5",
      "list[0] is 1",
      "either is a list",
    ]);
  });

  it("refuses unknown fields, but not where any are allowed", () => {
    assert.deepEqual(faults({ b: 1 }, { properties: { a: {} } }), ["there is no field b"]);
    assert.deepEqual(faults({ b: 1 }, { type: "object" }), []);
    assert.deepEqual(faults({ b: 1 }, { properties: { a: {} }, "x-kubernetes-preserve-unknown-fields": true }), []);
    assert.deepEqual(faults({ b: 1 }, { properties: {}, additionalProperties: { type: "string" } }), ["b is 1"]);
  });

  it("holds values against what a custom resource allows", () => {
    const schema: Schema = { properties: { n: { minimum: 1, maximum: 3 }, s: { pattern: "^a+$", maxLength: 2 } } };
    assert.deepEqual(faults({ n: 0, s: "aaa" }, schema), ["n is 0", 's is "aaa"']);
    assert.deepEqual(faults({ n: 4, s: "b" }, schema), ["n is 4", 's is "b"']);
    assert.deepEqual(faults({ n: 3, s: "aa" }, schema), []);
  });

  it("follows references that refer to themselves", () => {
    const node: Schema = { properties: { next: { $ref: "node" }, size: { type: "integer" } } };
    const found = validateManifest({ next: { next: { size: "x" } } }, node, { node });
    assert.deepEqual(found, [
      { path: ["next", "next", "size"], message: 'next.next.size is "x"', fix: "write a whole number" },
    ]);
  });

  it("stops after twenty faults", () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, 1]));
    assert.equal(faults(many, { additionalProperties: { type: "string" } }).length, 20);
  });
});

describe("convert", () => {
  it("keeps the group of a removed API with what replaces it", () => {
    const source = `const GroupName = "policy"
func (in *Budget) APILifecycleDeprecated() (major, minor int) {
	return 1, 21
}
func (in *Budget) APILifecycleRemoved() (major, minor int) {
	return 1, 25
}
func (in *Budget) APILifecycleReplacement() schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: "policy", Version: "v1", Kind: "Budget"}
}`;
    const api = convert("1.36", { definitions: {} }, new Map([["policy/v1beta1/register.go", source]]));
    assert.deepEqual(api.deprecated, {
      "policy/v1beta1 Budget": { since: "1.21", removed: "1.25", replacement: "policy/v1 Budget" },
    });
  });
});

/** The documents themselves, as they are on this machine or made now from the Go modules of Kubernetes. */
describe("the API of Kubernetes", () => {
  const manifest = (apiVersion: string, kind: string, spec: object) => ({
    apiVersion,
    kind,
    metadata: { name: "a" },
    spec,
  });
  const selector = { matchLabels: { app: "a" } };
  const deployment = (template: object) => manifest("apps/v1", "Deployment", { selector, template });

  for (const version of kubernetesVersions) {
    it(`${version} tells right manifests from wrong ones, and what is deprecated`, async function () {
      const api = await loadKubernetes(version, { env: process.env, offline: false });
      if (isMissing(api)) return skip(this, api.missing);
      const check = (object: { apiVersion: string; kind: string }) =>
        validateManifest(
          object,
          api.definitions[api.kinds[`${object.apiVersion} ${object.kind}`]!]!,
          api.definitions,
        ).map(({ message }) => message);
      assert.equal(api.version, version);
      const pod = {
        spec: { containers: [{ name: "a", image: "a:1.0.0", resources: { limits: { cpu: 1, memory: "1Gi" } } }] },
      };
      assert.deepEqual(check(deployment(pod)), []);
      assert.deepEqual(
        check(deployment({ spec: { containers: [{ name: "a", imagePullPolicie: "Always" }], hostNetwork: "yes" } })),
        [
          "there is no field spec.template.spec.containers[0].imagePullPolicie",
          'spec.template.spec.hostNetwork is "yes"',
        ],
      );
      assert.deepEqual(check(manifest("networking.k8s.io/v1", "Ingress", { rules: [{ http: {} }] })), [
        "spec.rules[0].http.paths is missing",
      ]);
      assert.deepEqual(api.deprecated["v1 Endpoints"], {
        since: "1.33",
        replacement: "discovery.k8s.io/v1 EndpointSlice",
      });
      assert.equal(api.kinds["policy/v1beta1 PodSecurityPolicy"], undefined);
      assert.ok(isBuiltIn(api, "policy/v1beta1") && !isBuiltIn(api, "cert-manager.io/v1"));
    });
  }

  it("differs by version: a kind that came with 1.36 is none of 1.35", async function () {
    const kind = "admissionregistration.k8s.io/v1 MutatingAdmissionPolicy";
    for (const [version, known] of [
      ["1.35", false],
      ["1.36", true],
    ] as const) {
      const api = await loadKubernetes(version, { env: process.env, offline: false });
      if (isMissing(api)) return skip(this, api.missing);
      assert.equal(api.kinds[kind] !== undefined, known, version);
    }
  });
});

describe("loadKubernetes", () => {
  it("knows a release for every version that a cluster may have", () => {
    assert.deepEqual(Object.keys(kubernetesReleases), [...kubernetesVersions]);
  });

  it("says why the API is not there", async () => {
    const cache = mkdtempSync(join(tmpdir(), "onebranch-cache-"));
    try {
      const env = { ONEBRANCH_CACHE: cache, PATH: "" };
      assert.deepEqual(await loadKubernetes("1.36", { env, offline: true }), {
        missing: "the API of Kubernetes 1.36 is not at hand: Go is not installed",
        fix: "the manifests of its clusters were not held against the API; run once with a network",
      });
      assert.deepEqual(await loadKubernetes("1.99", { env, offline: true }), {
        missing: "the API of Kubernetes 1.99 is not known here",
        fix: "the manifests of its clusters were not held against the API",
      });
    } finally {
      rmSync(cache, { recursive: true });
    }
  });
});
