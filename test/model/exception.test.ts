import assert from "node:assert/strict";
import { isExpired, parseExceptions, todayOf, type Exception } from "../../model/exception";
import { formatFinding } from "../../model/findings";

const path = "gitops/clusters/prod/exceptions.yaml";
const entry: Exception = {
  component: "shop",
  keys: ["replicas", "config.THEME"],
  owner: "team-shop",
  reason: "A sale runs here only.",
  ticket: "OPS-1",
  expires: "2030-12-31",
};

function faults(entries: unknown): string[] {
  return parseExceptions(path, JSON.stringify(entries, null, 1)).findings.map(formatFinding);
}

describe("parseExceptions", () => {
  it("reads a list of exceptions, empty or not", () => {
    assert.deepEqual(parseExceptions(path, JSON.stringify([entry])), { value: [entry], findings: [] });
    assert.deepEqual(parseExceptions(path, "[]"), { value: [], findings: [] });
  });

  it("takes one entry for the values and one for the pin of a component", () => {
    assert.deepEqual(faults([entry, { ...entry, keys: undefined, pin: "canary" }]), []);
  });

  it("refuses an entry that excuses nothing, or both", () => {
    const fix = "name either the keys or the pin; write one entry for each [missing-key]";
    assert.deepEqual(faults([{ ...entry, keys: undefined }]), [
      `${path}:2: the exception for "shop" has neither keys nor pin; ${fix}`,
    ]);
    assert.deepEqual(faults([{ ...entry, pin: "hold" }]), [
      `${path}:2: the exception for "shop" has both keys and pin; ${fix}`,
    ]);
  });

  it("refuses a second entry for the same thing", () => {
    assert.deepEqual(faults([entry, entry]), [
      `${path}:13: a second exception for the keys of "shop"; merge it into the first [duplicate-entry]`,
    ]);
  });

  it("refuses a day that no calendar has", () => {
    for (const expires of ["2030-02-30", "31.12.2030", "2030-1-1", "never"]) {
      assert.deepEqual(faults([{ ...entry, expires }]), [
        `${path}:11: [0].expires is "${expires}"; use a day of the calendar such as 2030-12-31 [wrong-value]`,
      ]);
    }
  });

  it("refuses an entry without an owner", () => {
    assert.deepEqual(faults([{ ...entry, owner: undefined }]), [
      `${path}:2: key "[0].owner" is missing; add it: a DNS label [missing-key]`,
    ]);
  });

  it("refuses an empty list of keys", () => {
    assert.deepEqual(faults([{ ...entry, keys: [] }]), [
      `${path}:4: [0].keys is an empty list; write at least 1 entry [wrong-type]`,
    ]);
  });
});

describe("isExpired", () => {
  it("holds on its last day and not on the next", () => {
    assert.equal(isExpired(entry, "2030-12-30"), false);
    assert.equal(isExpired(entry, "2030-12-31"), false);
    assert.equal(isExpired(entry, "2031-01-01"), true);
  });
});

describe("todayOf", () => {
  it("is the day of UTC, wherever the tool runs", () => {
    assert.equal(todayOf(new Date("2030-12-31T23:59:59Z")), "2030-12-31");
    assert.equal(todayOf(new Date("2030-12-31T23:59:59-11:00")), "2031-01-01");
    assert.equal(todayOf(new Date("2031-01-01T01:00:00+02:00")), "2030-12-31");
  });
});
