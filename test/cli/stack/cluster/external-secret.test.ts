import assert from "node:assert/strict";
import { toWaitingSecret, type RawExternalSecret } from "../../../../cli/stack/cluster/external-secret";
import { toApplication } from "../../../../cli/stack/cluster/kubernetes";

describe("an ExternalSecret", () => {
  const object = (status: string | undefined): RawExternalSecret => ({
    metadata: {
      ...{ name: "orders", namespace: "shop" },
      annotations: { "argocd.argoproj.io/tracking-id": "orders:external-secrets.io/ExternalSecret:shop/orders" },
    },
    spec: {
      data: [{ remoteRef: { key: "stage-secrets", property: "db" } }, {}],
      dataFrom: [{ extract: { key: "all" } }, {}],
    },
    ...(status !== undefined && {
      status: {
        conditions: [
          { type: "Deleted", status: "False" },
          { type: "Ready", status, message: "why" },
        ],
      },
    }),
  });

  it("waits when its condition says so, with all that it names and the Application that made it", () => {
    assert.deepEqual(toWaitingSecret(object("False")), [
      {
        ...{ namespace: "shop", name: "orders", application: "orders", message: "why" },
        wanted: [
          { store: "stage-secrets", property: "db" },
          { store: "all", property: "" },
        ],
      },
    ]);
  });

  it("does not wait when it is ready, or nobody has looked at it", () => {
    assert.deepEqual([toWaitingSecret(object("True")), toWaitingSecret(object(undefined))], [[], []]);
  });
});

describe("what Argo CD put back", () => {
  const application = (sync: object) =>
    toApplication({
      metadata: { name: "orders" },
      status: { operationState: { phase: "Succeeded", finishedAt: "2026-03-04T05:06:07Z", operation: { sync } } },
    }).healed;

  it("is what its last sync was about, when it began without a new commit", () => {
    const resources = [{ group: "apps", kind: "Deployment", name: "orders" }];
    assert.deepEqual(application({ autoHealAttemptsCount: 1, resources }), {
      at: "2026-03-04T05:06:07Z",
      resources: [{ kind: "Deployment", name: "orders" }],
    });
  });

  it("is nothing after a sync of a commit, or of some resources that a person asked for", () => {
    assert.equal(application({}), undefined);
    assert.equal(application({ resources: [{ kind: "Deployment", name: "orders" }] }), undefined);
  });
});
