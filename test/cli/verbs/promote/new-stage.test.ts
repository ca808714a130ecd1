import assert from "node:assert/strict";
import { useSample } from "../../support/sample";

describe("onebranch promote --all", function () {
  const sample = useSample();

  it("promotes all to a new stage in the middle that a later stage has", async () => {
    assert.equal((await sample.run("new", "stage", "qa", "--after", "dev")).code, 1);
    const { code, out } = await sample.run("promote", "--all", "--to", "qa", "--offline");
    assert.equal(code, 0);
    assert.deepEqual(
      sample.changes().filter((line) => line.startsWith("??")),
      ["addons/cert-manager", "addons/guardrails", "addons/metrics-server", "apps/guestbook", "apps/orders"]
        .map((component) => `?? gitops/${component}/stages/qa/pin.yaml`)
        .concat("?? gitops/stages/qa.yaml"),
    );
    assert.doesNotMatch(out, /by name/);
  });
});
