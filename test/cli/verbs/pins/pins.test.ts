import assert from "node:assert/strict";
import { useSample } from "../../support/sample";

describe("onebranch pins", () => {
  const sample = useSample();

  it("prints the pins per stage and what there is to promote", async () => {
    sample.write("gitops/clusters/prod/pins/orders.yaml", "component: orders\nimage:\n  tag: 6.9.1\n");
    const { code, out } = await sample.run("pins");
    assert.equal(code, 0);
    // Since when a pin is there depends on the clock; test/cli/verbs/promote/rings.test.ts gives it one.
    const plain = (text: string) =>
      text
        .replace(/ \(\d+ (min|h|d)\)/g, "")
        .trimEnd()
        .split("\n")
        .map((line) => line.trim().replace(/ {2,}/g, " | "));
    assert.deepEqual(plain(out), [
      "COMPONENT | DEV | STAGING | PROD | PROMOTE TO",
      "cert-manager | v1.21.3 | v1.21.3 | v1.21.3 | -",
      "guardrails | 1.0.0 | 1.0.0 | 1.0.0 | -",
      "guestbook | web-service 1.1.0, 6.9.2 | web-service 1.1.0, 6.9.1 | web-service 1.0.0, 6.9.1 | staging, prod",
      "metrics-server | 3.14.0 | 3.14.0 | - | -",
      "orders | web-service 1.1.0, 6.9.2 | web-service 1.1.0, 6.9.2 | web-service 1.1.0, 6.9.0 | prod",
      "in prod: 6.9.1",
    ]);
    for (const words of [
      ["promote", "status"],
      ["promote", "--status"],
    ]) {
      const said = await sample.run(...words);
      assert.deepEqual([said.code, plain(said.out), said.err], [0, plain(out), ""]);
    }
    const one = await sample.run("promote", "status", "orders", "--json");
    assert.equal(one.out, (await sample.run("pins", "orders", "--json")).out);
  });

  it("prints the same facts as JSON", async () => {
    const { out } = await sample.run("pins", "metrics-server", "--json");
    const [facts] = JSON.parse(out) as { pins: Record<string, { version: string } | null>; promoteTo: string[] }[];
    assert.deepEqual(
      Object.entries(facts!.pins).map(([stage, pin]) => [stage, pin?.version]),
      [
        ["dev", "3.14.0"],
        ["staging", "3.14.0"],
        ["prod", undefined],
      ],
    );
    assert.deepEqual(facts!.promoteTo, []);
  });

  it("refuses a component that is none", async () => {
    const { code, err } = await sample.run("pins", "guestbok");
    assert.deepEqual([code, err], [2, "there is no component guestbok; did you mean guestbook?\n"]);
  });
});
