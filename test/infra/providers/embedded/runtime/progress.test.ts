import assert from "node:assert/strict";
import { formatEvent } from "../../../../../infra/providers/embedded/runtime/progress";

describe("formatEvent", () => {
  it("says what is done to what, and for how long already", () => {
    assert.equal(formatEvent({ action: "start", subject: "etcd" }), "starting etcd");
    assert.equal(
      formatEvent({ action: "wait", subject: "kube-apiserver", seconds: 1.24 }),
      "waiting for kube-apiserver (1.2 s)",
    );
  });
});
