import assert from "node:assert/strict";
import fc from "fast-check";
import { isMap, isScalar, isSeq, visit } from "yaml";
import { YamlFile } from "../../model/document";
import { BlobStore } from "../../cli/tree/git-objects";
import { GitTree } from "../../cli/tree/git-tree";
import { applyIgnores } from "../../cli/verbs/check/ignores";
import type { CheckFinding } from "../../cli/verbs/check/rule";
import { rules } from "../../cli/verbs/check/rules";
import { SourceFiles } from "../../cli/verbs/check/source/files";
import { formatPath, lineAt, TooDeep, valueOf, type Step } from "../../cli/tree/values/yaml";
import { overlay, withDefaults } from "../../cli/tree/values/merge";
import { readYaml11 } from "../../model/yaml-1.1";
import { type Mapping } from "../../model/mapping";
import { faultLine } from "../../cli/tree/values/fault";
import { fuzzed, patience } from "./support/settings";
import { anyYaml, damaged, damagedBytes } from "./support/yaml";

const values = `# The defaults.
base: &base
  replicas: 2 # two
  "quoted key": yes
shop:
  <<: *base
  image: { repository: registry.example.com/shop, "tag": '1.0' }
  args:
    - --level=info # onebranch-ignore secret-in-git: it is not a secret
    - { name: a, value: on }
  0x1f: hex
dotted.key: |
  text: with
  colons: inside
`;
const contents = fc.oneof({ weight: 4, arbitrary: damaged(values) }, anyYaml);

/** Every path of a value, with those of lists. */
function pathsOf(value: unknown, at: Step[] = []): Step[][] {
  if (typeof value !== "object" || value === null) return [];
  const inner: [Step, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return inner.flatMap(([step, below]) => [[...at, step], ...pathsOf(below, [...at, step])]);
}

/** What is written at each line as a key. */
function keysByLine(file: YamlFile): Set<string> {
  const keys = new Set<string>();
  visit(file.root, {
    Pair: (_, { key }) => {
      if (isScalar(key) || isMap(key) || isSeq(key)) {
        const plain = isScalar(key) && key.type === "PLAIN" ? readYaml11(key.source ?? "") : undefined;
        keys.add(`${file.line(key)} ${String(plain ?? (isScalar(key) ? key.value : key))}`);
      }
    },
  });
  return keys;
}

describe("values of any file", function () {
  this.timeout(patience);

  it("have the line of each key that is written in the file", () => {
    let found = 0;
    const property = fc.property(contents, (content) => {
      const file = new YamlFile("values.yaml", content);
      let value: unknown;
      try {
        value = valueOf(file);
      } catch (error) {
        assert.ok(error instanceof TooDeep, String(error));
        return;
      }
      const lines = content.split("\n").length;
      const keys = keysByLine(file);
      for (const path of pathsOf(value).slice(0, 200)) {
        assert.ok(!formatPath(path).includes("\n"), formatPath(path));
        const line = lineAt(file, path);
        // What `<<` brings is written where the anchor is.
        if (line === undefined) continue;
        assert.ok(line >= 1 && line <= lines);
        const step = path.at(-1)!;
        if (typeof step === "string") {
          assert.ok(keys.has(`${line} ${step}`), `line ${line} has no key ${step}`);
          found++;
        }
      }
    });
    fc.assert(property, fuzzed(400));
    assert.ok(found > 1000, `only ${found} keys were looked for`);
  });

  it("are laid over each other key by key, the last one wins, and nothing is changed on the way", () => {
    const layer = fc.letrec<{ map: Mapping }>((tie) => ({
      map: fc.dictionary(
        fc.constantFrom("a", "b", "__proto__", "constructor", "toString"),
        fc.oneof({ depthSize: "small" }, fc.integer(), fc.constant(null), fc.array(fc.integer()), tie("map")),
        { maxKeys: 4, noNullPrototype: true },
      ),
    })).map;
    const property = fc.property(layer, layer, (below, above) => {
      const [before, over] = [JSON.stringify(below), JSON.stringify(above)];
      const result = overlay([below, above]);
      for (const [key, value] of Object.entries(above)) {
        const isPlain = typeof value !== "object" || value === null || Array.isArray(value);
        if (isPlain) assert.deepEqual(Object.getOwnPropertyDescriptor(result, key)?.value, value, key);
        else assert.ok(Object.hasOwn(result, key), key);
      }
      for (const key of Object.keys(below)) assert.ok(Object.hasOwn(result, key), key);
      assert.deepEqual(JSON.parse(JSON.stringify(overlay([result]))), JSON.parse(JSON.stringify(result)));
      for (const [key, value] of Object.entries(withDefaults(below, above))) {
        assert.ok(value !== null || !Object.hasOwn(above, key) || !Object.hasOwn(below, key), key);
      }
      assert.deepEqual([JSON.stringify(below), JSON.stringify(above)], [before, over]);
      assert.ok(!("a" in Object.prototype));
    });
    fc.assert(property, fuzzed(300));
  });

  it("are told to be broken at a line of the file", () => {
    const property = fc.property(damagedBytes(contents), fc.string({ maxLength: 30 }), (bytes, words) => {
      const line = faultLine("values.yaml", bytes, `yaml: ${words}`);
      const [, number] = /^values\.yaml:(\d+): [^]+$/.exec(line) ?? [];
      assert.ok(Number(number) >= 1 && Number(number) <= bytes.toString().split("\n").length, line);
    });
    fc.assert(property, fuzzed(300));
  });
});

describe("comments that excuse findings", function () {
  this.timeout(patience);

  const rule = rules.find(({ check }) => check !== undefined)!;
  const pieces = fc.constantFrom(
    ...[
      "# onebranch-ignore",
      "#onebranch-ignore ",
      rule.id,
      ":",
      ": because",
      " ",
      "\n",
      "a: 1",
      "{{/* # onebranch-ignore ",
      " */}}",
    ],
    ...["\r\n", "\t", "\0", '"#"', "onebranch-ignore", "nope: x", "-", "\u2028"],
  );
  const text = fc.oneof(
    fc.array(pieces, { maxLength: 14 }).map((all) => all.join("")),
    contents,
  );

  it("excuse what is on their line or the next, are answered with what is wrong with them, and hide nothing else", () => {
    const path = "gitops/apps/shop/values.yaml";
    const property = fc.property(text, fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 5 }), (content, at) => {
      // A file with such a byte is not text, and no rule reads it.
      fc.pre(!content.includes("\0"));
      const blobs = new BlobStore();
      blobs.put("1", Buffer.from(content));
      const entries = [{ path, mode: "100644", oid: "1" }];
      const files = new SourceFiles(new GitTree({ root: "", entries, blobs, load: () => Promise.resolve() }));
      const findings = at.map((line): CheckFinding => {
        return { rule: rule.id, severity: "error", file: path, line, message: "m", fix: "f" };
      });
      const evaluated = new Set(rules.map(({ id }) => id));
      const left = applyIgnores(findings, files, evaluated, rules);
      const lines = content.split("\n");
      for (const finding of left.filter((one) => !findings.includes(one))) {
        assert.ok(finding.line >= 1 && finding.line <= lines.length);
        assert.match(lines[finding.line - 1]!, /onebranch-ignore/);
        assert.ok(["bad-ignore", "unused-ignore"].includes(finding.rule));
      }
      for (const finding of findings.filter((one) => !left.includes(one))) {
        const near = lines.slice(Math.max(0, finding.line - 2), finding.line).join("\n");
        assert.match(near, new RegExp(`#\\s*onebranch-ignore.*${rule.id}`), "excused by nothing");
      }
    });
    fc.assert(property, fuzzed(300));
  });
});
