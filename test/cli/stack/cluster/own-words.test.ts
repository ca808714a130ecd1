import assert from "node:assert/strict";
import { ownWordsOf } from "../../../../cli/stack/cluster/own-words";

describe("the own words of what makes an Application unhealthy", () => {
  const answers: Record<string, object> = {
    "/apis/argoproj.io": { preferredVersion: { groupVersion: "argoproj.io/v1alpha1" } },
    "/apis/argoproj.io/v1alpha1": {
      resources: [
        { kind: "Rollout", name: "rollouts/status" },
        { kind: "Rollout", name: "rollouts" },
      ],
    },
    "/apis/argoproj.io/v1alpha1/namespaces/orders/rollouts/checkout": {
      status: { message: "RolloutAborted: it is aborted", conditions: [{ type: "A", status: "False", message: "x" }] },
    },
    "/api/v1": { resources: [{ kind: "Node", name: "nodes" }] },
    "/api/v1/nodes/one": {
      status: {
        conditions: [
          { type: "Ready", status: "False", message: "no network" },
          { type: "MemoryPressure", status: "True", message: "full" },
          { type: "Quiet", status: "False" },
        ],
      },
    },
  };
  const asked: string[] = [];
  const send = (_: string, path: string): Promise<string> => {
    asked.push(path);
    const found = answers[path];
    return found ? Promise.resolve(JSON.stringify(found)) : Promise.reject(new Error(`404 ${path}`));
  };

  it("are the message of its status, or the conditions that do not hold", async () => {
    assert.deepEqual(await ownWordsOf(send, "Caused by argoproj.io/Rollout:orders/checkout, Node:one and 2 more"), [
      "Rollout checkout: RolloutAborted: it is aborted",
      "Node one: Ready is False: no network",
    ]);
  });

  it("are missing where it cannot be read, or nothing is named", async () => {
    assert.deepEqual(await ownWordsOf(send, "Caused by apps/Deployment:orders/orders, Gone:a/b"), []);
    asked.length = 0;
    assert.deepEqual(await ownWordsOf(send, "waiting for 1 pod"), []);
    assert.deepEqual(asked, []);
  });
});
