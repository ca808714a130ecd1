import assert from "node:assert/strict";
import { withoutPending } from "../../../cli/stack/recovery";
import type { Deployment, StateResource } from "../../../model/deployment";
import { urn } from "../support/fake-pulumi";

const namespace = "kubernetes:core/v1:Namespace";
const secret = "kubernetes:core/v1:Secret";
const stackResource = { urn: urn("dev", "pulumi:pulumi:Stack", "onebranch-dev"), type: "pulumi:pulumi:Stack" };
const made = { urn: urn("dev", namespace, "argocd"), type: namespace, id: "argocd" };

describe("withoutPending", () => {
  const inputs = { metadata: { name: "in-cluster", namespace: "argocd" } };
  const creating = { urn: urn("dev", secret, "in-cluster"), type: secret, custom: true, inputs };
  const deployment: Deployment = {
    secrets_providers: { type: "passphrase", state: { salt: "v1:salt" } },
    resources: [stackResource, made],
    pending_operations: [
      { type: "creating", resource: creating },
      { type: "deleting", resource: made },
    ],
  };

  it("forgets what was begun, so that an update begins again", () => {
    const { secrets_providers, resources } = deployment;
    assert.deepEqual(withoutPending(deployment, false), { secrets_providers, resources });
  });

  it("keeps a half made Kubernetes object by its own name, so that a destroy deletes it", () => {
    assert.deepEqual(withoutPending(deployment, true).resources, [
      stackResource,
      made,
      { ...creating, id: "argocd/in-cluster", outputs: inputs },
    ]);
  });

  it("takes the name of a Helm release and of an object without namespace from where they stand", () => {
    const type = "kubernetes:helm.sh/v3:Release";
    const release = { urn: urn("dev", type, "argocd"), type, inputs: { name: "argocd", namespace: "argocd" } };
    const cluster = { urn: urn("dev", namespace, "x"), type: namespace, inputs: { metadata: { name: "x" } } };
    const pending = [release, cluster].map((resource) => ({ type: "creating", resource }));
    const ids = withoutPending({ pending_operations: pending }, true).resources?.map(({ id }) => id);
    assert.deepEqual(ids, ["argocd/argocd", "x"]);
  });

  describe("with what was made in the place of another", () => {
    const old = { ...made, id: "old" };
    const after = { ...creating, id: "argocd/in-cluster" };
    const take = (found: StateResource, before: StateResource = old) => {
      return withoutPending({ resources: [stackResource, before, after] }, false, [found]).resources;
    };
    const next = { ...made, id: "new" };

    it("lets it live, before the other one, which is to be deleted", () => {
      assert.deepEqual(take(next), [stackResource, next, { ...old, delete: true }, after]);
    });

    it("deletes it where it is of no use, and the other one lives", () => {
      const useless = { ...next, delete: true };
      assert.deepEqual(take(useless), [stackResource, old, useless, after]);
    });

    it("forgets the other one where that was deleted before", () => {
      assert.deepEqual(take(next, { ...old, pendingReplacement: true }), [stackResource, next, after]);
    });

    it("takes it in beside one that is still to be deleted from an earlier run", () => {
      const older = { ...made, id: "older", delete: true };
      const { resources } = withoutPending({ resources: [old, older] }, false, [next]);
      assert.deepEqual(resources, [next, { ...old, delete: true }, older]);
    });
  });

  it("adopts neither what is known already nor what is no Kubernetes object", () => {
    const other = {
      urn: urn("dev", "random:index:RandomId", "x"),
      type: "random:index:RandomId",
      inputs: { name: "x" },
    };
    const pending = [made, other].map((resource) => ({ type: "creating", resource }));
    assert.deepEqual(withoutPending({ resources: [made], pending_operations: pending }, true).resources, [made]);
  });
});
