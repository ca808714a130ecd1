import assert from "node:assert/strict";
import { distanceTo, formatMoment, lifetimeIn, lifetimeType, parseMoment, writtenMoment } from "../../model/lifetime";

describe("the lifetime of a stack", () => {
  const now = new Date("2026-03-04T05:06:07Z");
  for (const [moment, words] of [
    ["2026-03-04T05:06:08Z", "in less than a minute"],
    ["2026-03-04T05:06:07Z", "less than a minute ago"],
    ["2026-03-04T09:06:07Z", "in 4 h"],
    ["2026-03-04T08:18:07Z", "in 3 h 12 min"],
    ["2026-03-06T06:00:00Z", "in 2 d 54 min"],
    ["2026-03-02T04:00:00Z", "2 d 1 h ago"],
  ] as const) {
    it(`is said as ${words}`, () => assert.equal(distanceTo(new Date(moment), now), words));
  }

  for (const text of [
    "2026-03-04",
    "2026-03-04T05:06:07",
    "2026-03-04 05:06:07Z",
    "2026-13-01T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "4h",
    "",
  ]) {
    it(`does not end at "${text}"`, () => assert.equal(parseMoment(text), undefined));
  }
  it("ends at a moment with its time zone", () => {
    assert.equal(formatMoment(parseMoment("2028-02-29T01:00:00.5+02:00")!), "2028-02-28T23:00:00Z");
  });

  for (const [given, written] of [
    ["2026-11-30 17:40:56 +0000 UTC", "2026-11-30T17:40:56Z"],
    ["2026-11-30 14:40:59.719 +0000 UTC", "2026-11-30T14:40:59.719Z"],
    ["2026-11-30 17:40:56 +0130 +0130", "2026-11-30T17:40:56+01:30"],
    ["2026-11-30T17:40:56Z", "2026-11-30T17:40:56Z"],
    ["soon", "soon"],
  ] as const) {
    it(`is written ${written} where Pulumi gives "${given}"`, () => assert.equal(writtenMoment(given), written));
  }

  it("stands in the state by itself, and in the outputs of the program", () => {
    const outputs = { from: "dev", expires: "2026-03-04T05:06:07Z" };
    const resource = { urn: "urn:a", type: lifetimeType, outputs };
    const stack = { urn: "urn:b", type: "pulumi:pulumi:Stack", outputs };
    assert.deepEqual(lifetimeIn({ resources: [resource] }), outputs);
    assert.deepEqual(lifetimeIn({ resources: [stack] }), outputs);
    assert.deepEqual(lifetimeIn({ resources: [{ ...resource, outputs: { from: "dev" } }] }), { from: "dev" });
    assert.equal(lifetimeIn({ resources: [{ ...stack, outputs: {} }] }), undefined);
    assert.equal(lifetimeIn({}), undefined);
  });
});
