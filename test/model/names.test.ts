import assert from "node:assert/strict";
import fc from "fast-check";
import {
  editDistance,
  isDnsLabel,
  isDomain,
  isReleaseName,
  maxLabelLength,
  nearestName,
  offerNames,
  toDnsLabel,
} from "../../model/names";

const letters = [..."abcdefghijklmnopqrstuvwxyz0123456789"];
const labels = fc
  .tuple(
    fc.constantFrom(...letters),
    fc.array(fc.constantFrom(...letters, "-"), { maxLength: 61 }),
    fc.constantFrom(...letters),
  )
  .map(([first, inner, last]) => first + inner.join("") + last);

describe("isDnsLabel", () => {
  it("takes every label and no label with a foreign character", () => {
    fc.assert(fc.property(labels, (name) => isDnsLabel(name)));
    const foreign = fc.constantFrom("_", ".", "/", "A", "ä", " ", "\n", "\0");
    fc.assert(fc.property(labels, foreign, labels, (a, b, c) => !isDnsLabel(a + b + c)));
  });

  it("takes the names people use", () => {
    for (const name of ["dev", "prod-eu", "us-east-1", "pr-123", "0", "a--b"]) assert.ok(isDnsLabel(name), name);
  });

  it("refuses what Kubernetes refuses", () => {
    for (const name of ["", "-", "-dev", "dev-", "Dev", "de v", "dev\n", "..", "a".repeat(64)]) {
      assert.ok(!isDnsLabel(name), JSON.stringify(name));
    }
    assert.ok(isDnsLabel("a".repeat(63)));
  });
});

describe("isReleaseName", () => {
  it("stops at 53 characters", () => {
    assert.ok(isReleaseName("a".repeat(53)));
    assert.ok(!isReleaseName("a".repeat(54)));
  });
});

describe("isDomain", () => {
  it("wants two labels or more", () => {
    for (const name of ["a.b", "dev.us.example.com"]) assert.ok(isDomain(name), name);
    for (const name of ["", "dev", "dev.", ".dev", "a..b", "https://a.b", "a.b/c", "A.b"])
      assert.ok(!isDomain(name), name);
    assert.ok(!isDomain(`${"a.".repeat(126)}bb`));
  });
});

describe("toDnsLabel", () => {
  it("gives a label that stays itself, or nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: maxLabelLength }), (name, length) => {
        const near = toDnsLabel(name, length);
        if (near === undefined) return /^[^a-z0-9]*$/.test(name.toLowerCase());
        return isDnsLabel(near) && near.length <= length && toDnsLabel(near, length) === near;
      }),
    );
  });

  it("leaves a label alone", () => {
    fc.assert(
      fc.property(
        labels.filter((name) => !name.includes("--")),
        (name) => toDnsLabel(name) === name,
      ),
    );
  });

  it("keeps what can be kept", () => {
    assert.equal(toDnsLabel("Prod_EU"), "prod-eu");
    assert.equal(toDnsLabel("  staging/2 "), "staging-2");
    assert.equal(toDnsLabel("ab-cd", 3), "ab");
    assert.equal(toDnsLabel("///"), undefined);
  });
});

describe("editDistance", () => {
  it("is a distance", () => {
    const word = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const edits = editDistance(a, b);
        return edits === editDistance(b, a) && (edits === 0) === (a === b) && edits <= Math.max(a.length, b.length);
      }),
    );
  });

  it("counts a swap of neighbours once", () => {
    assert.equal(editDistance("region", "regoin"), 1);
    assert.equal(editDistance("stage", "stages"), 1);
    assert.equal(editDistance("kind", "eks"), 4);
  });
});

describe("nearestName", () => {
  const allowed = ["dev", "staging", "prod"];

  it("finds the one that was meant", () => {
    assert.equal(nearestName("dve", allowed), "dev");
    assert.equal(nearestName("Stagging", allowed), "staging");
    assert.equal(nearestName("prd", allowed), "prod");
  });

  it("offers nothing when nothing is near", () => {
    assert.equal(nearestName("qa", allowed), undefined);
    assert.equal(nearestName("dev", []), undefined);
  });

  it("is always one of the allowed, and the name itself when that is allowed", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.uniqueArray(labels, { maxLength: 5 }), (name, names) => {
        const near = nearestName(name, names);
        return near === undefined ? !names.includes(name) : names.includes(near);
      }),
    );
    fc.assert(
      fc.property(
        labels,
        fc.array(labels, { maxLength: 5 }),
        (name, names) => nearestName(name, [...names, name]) === name,
      ),
    );
  });
});

describe("offerNames", () => {
  it("names the nearest and all others in order", () => {
    assert.equal(offerNames("dve", ["prod", "dev"]), 'use "dev" (allowed: dev, prod)');
    assert.equal(offerNames("qa", ["prod", "dev"]), "use one of: dev, prod");
  });
});
