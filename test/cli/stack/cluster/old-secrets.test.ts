import assert from "node:assert/strict";
import { toFilledSecret, withOldValues, type RawPod, type RawSecret } from "../../../../cli/stack/cluster/old-secrets";

const at = (minute: number) => `2026-03-04T05:0${minute}:00Z`;

/** Made at minute 1; its values changed at minute 5, its labels later. */
const secret: RawSecret = {
  metadata: {
    creationTimestamp: at(1),
    managedFields: [
      { time: at(5), fieldsV1: { "f:data": { "f:TOKEN": {} } } },
      { time: at(9), fieldsV1: { "f:metadata": {} } },
      {},
    ],
  },
};

const filled = { namespace: "shop", name: "orders", application: "orders" };

/** A pod with one container that began in a minute; by default its environment is the Secret's. */
function pod(minute: number | undefined, more: object = { envFrom: [{ secretRef: { name: "orders" } }] }): RawPod {
  const running = minute === undefined ? {} : { running: { startedAt: at(minute) } };
  return {
    metadata: { name: `orders-${minute}` },
    spec: { containers: [{ name: "beside" }, { name: "orders", ...more }] },
    status: {
      containerStatuses: [
        { name: "beside", state: { running: { startedAt: at(2) } } },
        { name: "orders", state: running },
      ],
    },
  };
}

const old = (...pods: RawPod[]) => withOldValues(filled, secret, pods);

describe("the pods that have older values of a Secret", () => {
  it("are those whose process began while it had other ones", () => {
    assert.deepEqual(old(pod(6), pod(4), pod(1)), [
      { ...filled, changed: new Date(at(5)), pods: ["orders-1", "orders-4"] },
    ]);
  });

  it("are none whose process began after the change, waits, or was there before the Secret", () => {
    assert.deepEqual(old(pod(5), pod(8), pod(undefined), pod(0)), []);
  });

  it("are those with one key of it too, and none that has it as files or reads another one", () => {
    const key = { env: [{}, { valueFrom: { secretKeyRef: { name: "orders", key: "TOKEN" } } }] };
    assert.equal(old(pod(4, key)).length, 1);
    assert.deepEqual(old(pod(4, {}), pod(4, { envFrom: [{ secretRef: { name: "other" } }, {}] })), []);
  });

  it("are none that goes", () => {
    const going = pod(4);
    going.metadata.deletionTimestamp = at(6);
    assert.deepEqual(old(going), []);
  });

  it("are none where nothing says that the Secret changed", () => {
    const metadata = { creationTimestamp: at(1) };
    assert.deepEqual(withOldValues(filled, { metadata }, [pod(4)]), []);
  });
});

describe("the Secret of an ExternalSecret", () => {
  const object = (status: string) => ({
    metadata: {
      ...{ name: "orders", namespace: "shop" },
      annotations: { "argocd.argoproj.io/tracking-id": "orders:external-secrets.io/ExternalSecret:shop/orders" },
    },
    status: { conditions: [{ type: "Ready", status }] },
  });

  it("has its name, or the one of its target, once it is filled", () => {
    assert.deepEqual(toFilledSecret(object("True")), [filled]);
    const target = { ...object("True"), spec: { target: { name: "own" } } };
    assert.deepEqual(toFilledSecret(target), [{ ...filled, name: "own" }]);
    assert.deepEqual(toFilledSecret(object("False")), []);
  });
});
