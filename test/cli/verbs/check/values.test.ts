import assert from "node:assert/strict";
import fc from "fast-check";
import { overlay, withDefaults } from "../../../../cli/tree/values/merge";
import { formatPath, lineAt, TooDeep, valueOf, type Step } from "../../../../cli/tree/values/yaml";
import { whyMutable } from "../../../../cli/verbs/check/values/image-tag";
import { leavesOf } from "../../../../cli/verbs/check/rules/uncovered-key";
import { YamlFile } from "../../../../model/document";

const yaml = (text: string) => new YamlFile("values.yaml", text);

describe("valueOf", () => {
  it("reads as Helm does: YAML 1.1 booleans, merge keys and aliases", () => {
    const text = "base: &b { a: 1, b: yes }\nmerged: { <<: *b, b: off, c: 'yes' }\nsame: *b\n";
    assert.deepEqual(valueOf(yaml(text)), {
      base: { a: 1, b: true },
      merged: { a: 1, b: false, c: "yes" },
      same: { a: 1, b: true },
    });
  });

  it("lets the first of several merged mappings win", () => {
    const text = "a: &a { x: 1 }\nb: &b { x: 2, z: 2 }\nc:\n  <<: [*a, *b]\n";
    assert.deepEqual((valueOf(yaml(text)) as Record<string, unknown>).c, { x: 1, z: 2 });
  });

  it("gives up on aliases that unfold without end", () => {
    const levels = Array.from({ length: 20 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`);
    assert.throws(() => valueOf(yaml(`l0: &l0 [1]\n${levels.join("\n")}\n`)), TooDeep);
  });

  it("gives up on files that nest without end", () => {
    assert.throws(() => valueOf(yaml(`a: ${"[".repeat(200)}${"]".repeat(200)}\n`)), TooDeep);
    const faults = (text: string) => yaml(text).findings.map(({ line, message }) => `${line}: ${message}`);
    const deep = "1: the file nests too deeply to be read";
    assert.deepEqual(faults(`${"[".repeat(50_000)}${"]".repeat(50_000)}`), [deep]);
    assert.ok(faults("[".repeat(50_000)).length <= 5);
  });
});

describe("lineAt", () => {
  const file = yaml("a:\n  b: 1\n  list:\n    - x\n    - z: 2\n'c.d': 3\n");

  it("gives the line of a key, or of an entry of a list", () => {
    const lines: [Step[], number | undefined][] = [
      [["a"], 1],
      [["a", "b"], 2],
      [["a", "list", 1], 5],
      [["a", "list", 1, "z"], 5],
      [["c.d"], 6],
      [["a", "z"], undefined],
      [["a", "b", "c"], undefined],
      [["a", "list", 2], undefined],
    ];
    for (const [path, line] of lines) assert.equal(lineAt(file, path), line, formatPath(path));
  });

  it("finds every leaf of any mapping", () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.integer(),
        fc.dictionary(fc.string(), tie("value"), { maxKeys: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value, { maxKeys: 4 }), (values) => {
        const written = yaml(JSON.stringify(values, undefined, 1));
        for (const leaf of leavesOf(values)) assert.notEqual(lineAt(written, leaf), undefined);
      }),
      { numRuns: 100 },
    );
  });

  it("never fails on any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        const written = yaml(text);
        valueOf(written);
        lineAt(written, ["a", 0]);
      }),
      { numRuns: 100 },
    );
  });
});

describe("layers", () => {
  it("merge mappings key by key and replace everything else", () => {
    const below = { a: { x: 1, y: [1, 2] }, b: 1 };
    assert.deepEqual(overlay([below, { a: { y: [3] }, b: { c: 1 } }]), { a: { x: 1, y: [3] }, b: { c: 1 } });
    assert.deepEqual(below, { a: { x: 1, y: [1, 2] }, b: 1 });
  });

  it("take a default away with null, and keep a null that has none", () => {
    assert.deepEqual(withDefaults({ a: 1, b: { c: 1 } }, { a: null, b: { c: null, d: null } }), { b: { d: null } });
  });
});

describe("whyMutable", () => {
  const partial = "which is not a full version, so it moves";

  it("knows tags that follow something", () => {
    for (const tag of [
      "latest",
      "latest-amd64",
      "latest-1.2.3",
      "main",
      "stable",
      "edge",
      "nightly-debug",
      "release-2",
    ]) {
      assert.equal(whyMutable(tag), "which moves", tag);
    }
  });

  it("knows versions in part", () => {
    for (const tag of ["1", "v2", "1.25", "v1.25", "3.19-alpine", "22-slim", "alpine3.19", "24.04", "release-1.25"]) {
      assert.equal(whyMutable(tag), partial, tag);
    }
  });

  it("knows tags of one build", () => {
    const builds = ["1.2.3", "v1.2.3", "1.25.3-alpine", "RELEASE.2026-11-21T10-00-00Z", "20261121", "build-17", "r4"];
    const commits = ["main-4f2a9c1", "4f2a9c1", "sha-4f2a9c1d", "stable-20261121", "1.2.3-rc.1", "2026.11.21"];
    for (const tag of [...builds, ...commits]) assert.equal(whyMutable(tag), undefined, tag);
  });
});
