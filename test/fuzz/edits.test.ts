import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { UserError } from "../../model/errors";
import { merge, type Mapping } from "../../model/mapping";
import { parseSettings, settingsText } from "../../cli/verbs/new/settings";
import { toYaml, withEntry, withMerged, withNumber, withValue, withValuesOf } from "../../cli/tree/yaml-edit";
import { helmYaml } from "../../model/yaml-1.1";
import { fuzzed, patience } from "./support/settings";
import { damaged, oddScalars } from "./support/yaml";

const pin = `# Why this one.
component: shop
version: 1.1.0 # held back
image:
  repository: registry.example.com/shop
  # The tag.
  tag: "2.0"
requires: base
`;
const lists = `# The first.
platform:
  namespaces: [a, "b"] # these
  # Where charts come from.
  repositories:
    - x
    - 'y' # last
order: 3 # of 3
`;

/** A text that YAML reads as a value and can give back, or undefined. */
function read(text: string): unknown {
  try {
    return parse(text, { logLevel: "error" });
  } catch {
    return undefined;
  }
}

/** What an edit gives, undefined where it refuses with a sentence. */
function edited(edit: () => string): string | undefined {
  try {
    return edit();
  } catch (error) {
    assert.ok(error instanceof UserError, `a refusal should be a sentence: ${String(error)}`);
    assert.ok(!/[\n\r]/.test(error.message), error.message);
    return undefined;
  }
}

const scalar = fc.oneof(
  fc.constantFrom(...oddScalars),
  fc.string({ maxLength: 8 }),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(
    "# no comment",
    "a: b",
    "- x",
    "'",
    '"',
    "multi\nline",
    " lead",
    "trail ",
    "é",
    "~",
    "1.0",
    "!x",
    "&a",
    "*a",
  ),
);
const pins = fc.record(
  {
    component: fc.constant("shop"),
    version: scalar,
    image: fc.record({ repository: scalar, tag: scalar, digest: scalar }, { requiredKeys: [] }),
    requires: scalar,
    team: scalar,
  },
  { requiredKeys: ["component"] },
);
const plain = { maxKeys: 3, noNullPrototype: true };
const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,6}[a-z0-9])?$/);

/** A value without the nulls and empty mappings in it: a value may be set where one of them stood. */
function withoutEmpty(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value ?? {};
  const kept = Object.entries(value).map(([key, inner]) => [key, withoutEmpty(inner)] as const);
  return Object.fromEntries(kept.filter(([, inner]) => !isDeepStrictEqual(inner, {})));
}

/** The comments of a text, in order. */
const comments = (text: string) => text.match(/#.*$/gm) ?? [];

describe("edits of YAML in place", function () {
  this.timeout(patience);

  it("make a pin that says the same as the source, whatever stood there", () => {
    const property = fc.property(damaged(pin), pins, (target, wanted) => {
      const source = stringify(wanted);
      if (read(target) === undefined) return;
      assert.deepEqual(parse(withValuesOf(target, source)), parse(source));
    });
    fc.assert(property, fuzzed(300));
  });

  it("lay one file over another as Helm does, and keep its comments", () => {
    const property = fc.property(damaged(pin), pins, (target, wanted) => {
      const source = stringify(wanted);
      const below = read(target);
      if (typeof below !== "object" || below === null || Array.isArray(below)) return;
      const after = withMerged(target, source);
      assert.deepEqual(parse(after), merge(below as Mapping, parse(source) as Mapping));
    });
    fc.assert(property, fuzzed(300));
    const over = "replicas: 4\nconfig:\n  # New.\n  ENGINE: on\n";
    const merged = withMerged("# Ours.\nreplicas: 3 # at least\nconfig:\n  TITLE: x # mine\n", over);
    assert.equal(merged, "# Ours.\nreplicas: 4 # at least\nconfig:\n  TITLE: x # mine\n  # New.\n  ENGINE: on\n");
    assert.equal(withMerged(undefined, over), over);
  });

  it("change the values of a pin that differ, and not a byte of the rest", () => {
    const property = fc.property(scalar, scalar, (version, tag) => {
      const before = parse(pin) as { image: object };
      const source = stringify({ ...before, version, image: { ...before.image, tag } }, { lineWidth: 0 });
      const after = withValuesOf(pin, source);
      assert.deepEqual(parse(after), parse(source));
      const sameKind = [version, tag].every((value) => !(typeof value === "string" && value.includes("\n")));
      if (!sameKind) return;
      const kept = (text: string) => text.split("\n").filter((line) => !/^(version| {2}tag):/.test(line));
      assert.deepEqual(kept(after), kept(pin));
      assert.ok(after.includes("# held back"));
    });
    fc.assert(property, fuzzed(300));
  });

  it("add an entry to a list and keep every other byte", () => {
    const paths = fc.constantFrom(["platform", "namespaces"], ["platform", "repositories"]);
    const property = fc.property(paths, label, (path, entry) => {
      const after = withEntry("f.yaml", lists, path, entry);
      const wanted = parse(lists) as { platform: Record<string, string[]> };
      const list = wanted.platform[path[1]!]!;
      if (!list.includes(entry)) list.push(entry);
      assert.deepEqual(parse(after, helmYaml), wanted);
      assert.deepEqual(comments(after), comments(lists));
      const added = path[1] === "namespaces" ? `, ${entry}` : `\n    - ${entry}`;
      const quoted = added.replace(entry, `"${entry}"`);
      const removed = [added, quoted].map((piece) => after.replace(new RegExp(`${piece}(?=[\\],\\n])`), ""));
      assert.ok([after, ...removed].includes(lists), after);
    });
    fc.assert(property, fuzzed(300));
  });

  it("add an entry to a list of a damaged file, or say why not", () => {
    const path = ["platform", "repositories"];
    const property = fc.property(damaged(lists), label, (text, entry) => {
      fc.pre(!/\r(?!\n)/.test(text)); // At the end of a file it is a part of the text before it.
      const before = read(text);
      const after = edited(() => withEntry("f.yaml", text, path, entry));
      if (after === undefined || before === undefined) return;
      const list = (value: unknown) => (value as { platform: { repositories: unknown[] } }).platform.repositories;
      const wanted = list(before).includes(entry) ? list(before) : [...list(before), entry];
      assert.deepEqual(list(parse(after)), wanted);
    });
    fc.assert(property, fuzzed(300));
  });

  it("set a value, which is then read back by YAML 1.1 with everything else as it was", () => {
    const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.dictionary(label, scalar, plain));
    const above = fc.constantFrom(["new"], ["new", "on"], ["platform"], ["order"], ["platform", "namespaces"], []);
    const property = fc.property(damaged(lists), above, label, value, (text, path, key, added) => {
      fc.pre(!text.startsWith("\ufeff\ufeff")); // Only the first is a byte order mark, and not kept.
      const before = read(text);
      const after = edited(() => withValue("f.yaml", text, [...path, key], added));
      if (after === undefined || before === undefined) return;
      const found = parse(after, helmYaml) as Record<string, unknown>;
      const holder = path.reduce<Record<string, unknown>>((at, step) => at[step] as Record<string, unknown>, found);
      assert.deepEqual(holder[key], added);
      delete holder[key];
      assert.deepEqual(withoutEmpty(found), withoutEmpty(parse(text, helmYaml)));
    });
    fc.assert(property, fuzzed(300));
  });

  it("replace a number and nothing else", () => {
    const property = fc.property(damaged(lists), fc.nat(1000), (text, value) => {
      const before = read(text) as Record<string, unknown> | null | undefined;
      if (typeof before?.["order"] !== "number") return;
      const after = parse(withNumber(text, "order", value)) as unknown;
      assert.deepEqual(after, { ...before, order: value });
    });
    fc.assert(property, fuzzed(300));
  });

  it("write new files that YAML 1.1 and 1.2 both read back", () => {
    const value = fc.dictionary(label, fc.oneof(scalar, fc.array(scalar), fc.dictionary(label, scalar, plain)), plain);
    const property = fc.property(value, (written) => {
      const text = toYaml(written);
      for (const version of ["1.1", "1.2"] as const) assert.deepEqual(parse(text, { version }), written, version);
    });
    fc.assert(property, fuzzed(300));
  });

  it("read --set, or say what is wrong with it", () => {
    const word = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc
        .tuple(fc.array(label, { minLength: 1, maxLength: 3 }), scalar)
        .map(([path, value]) => `${path.join(".")}=${String(value)}`),
    );
    const property = fc.property(fc.array(word, { maxLength: 3 }), (words) => {
      const text = edited(() => settingsText(parseSettings(words)));
      if (text === undefined) return;
      const found: unknown = parse(text, helmYaml);
      for (const { path, value } of parseSettings(words)) {
        const at = path.reduce<unknown>((inner, step) => (inner as Record<string, unknown>)[step], found);
        assert.deepEqual(at, value);
      }
    });
    fc.assert(property, fuzzed(200));
  });
});
