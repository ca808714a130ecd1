import assert from "node:assert/strict";
import { formatStep } from "../../../../../infra/providers/embedded/runtime/steps";

describe("formatStep", () => {
  it("says what is done to what, and for how long already", () => {
    assert.equal(formatStep({ action: "start", subject: "etcd" }), "starting etcd");
    assert.equal(
      formatStep({ action: "wait", subject: "kube-apiserver", seconds: 1.24 }),
      "waiting for kube-apiserver (1.2 s)",
    );
  });
});
