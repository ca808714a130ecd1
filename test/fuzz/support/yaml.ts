import fc, { type Arbitrary } from "fast-check";
import { stringify } from "yaml";

/**
 * What breaks readers of YAML: bytes that are not text, other line ends, markers, and scalars that YAML 1.1 and 1.2 read
 * differently.
 */
const fragments = [
  ..."\0\t\r\n\u0085\u2028\ufeff\ud800\u001b#&*!|>'\"%@`-?:,[]{}~=_",
  "\r\n",
  "---\n",
  "...\n",
  "%YAML 1.1\n---\n",
  "&a ",
  "*a",
  "<<: *a\n",
  "<<: [*a, {b: 1}]\n",
  "{<<: 1}",
  "? [a]\n: b\n",
  "!!binary aGk=",
  "!!set {a}",
  "!!omap [a: 1]",
  "!<tag:x> ",
  "|+\n  x\n",
  ">-\n  x\n",
  "\\x41",
  '"\\ud800"',
  '"\\u0000"',
  "__proto__: {a: 1}\n",
  "constructor: 1\n",
  "toString",
  "# onebranch-ignore unused-values: because\n",
  "# onebranch-ignore",
  "[".repeat(400),
  "- ".repeat(400),
  " ".repeat(700),
  "\n" + "  ".repeat(20),
  "x".repeat(300),
];

/** Scalars at which readers differ. */
export const oddScalars = [
  ..."y Y n N yes No ON off true TRUE ~ null Null 0 -0 0x1f 0X1F 0o17 017 0b11 -0b1 1_000 1_0.5 1e3 1e999 1:20 .inf .NaN + - .5 1. =".split(
    " ",
  ),
  ..."9007199254740993 123456789012345678901234567890 2001-01-01 2001-01-01T00:00:00Z <<".split(" "),
  '""',
  "''",
  "[]",
  "{}",
  "'1.0'",
];

const odd = fc.oneof(
  fc.constantFrom(...fragments),
  fc.constantFrom(...oddScalars),
  fc.string({ maxLength: 6 }),
  fc.string({ unit: "binary", maxLength: 4 }),
);

type Edit = (text: string) => string;

/** One thing that goes wrong with a text while people and programs handle it. */
const edits: Arbitrary<Edit> = fc.oneof(
  fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), odd).map(([place, piece]): Edit => {
    return (text) => {
      const at = Math.floor(place * text.length);
      return text.slice(0, at) + piece + text.slice(at);
    };
  }),
  fc.tuple(fc.nat(), fc.nat(8)).map(([place, length]): Edit => {
    return (text) => {
      const at = place % (text.length + 1);
      return text.slice(0, at) + text.slice(at + length);
    };
  }),
  lineEdit((lines, at, other) => lines.splice(at, 0, lines[other]!)),
  lineEdit((lines, at) => lines.splice(at, 1)),
  lineEdit((lines, at, other) => ([lines[at], lines[other]] = [lines[other]!, lines[at]!])),
  lineEdit((lines, at) => (lines[at] = `  ${lines[at]}`)),
  fc.tuple(fc.nat(), odd).map(([place, piece]): Edit => {
    return (text) => {
      const lines = text.split("\n");
      const at = place % lines.length;
      lines[at] = lines[at]!.replace(/: .*$/, () => `: ${piece}`);
      return lines.join("\n");
    };
  }),
  fc.constant<Edit>((text) => text.replace(/\n/g, "\r\n")),
  fc.constant<Edit>((text) => `\ufeff${text}`),
  fc.constant<Edit>((text) => text.trimEnd()),
);

function lineEdit(change: (lines: string[], at: number, other: number) => void): Arbitrary<Edit> {
  return fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => (text) => {
    const lines = text.split("\n");
    change(lines, a % lines.length, b % lines.length);
    return lines.join("\n");
  });
}

/** One of some texts with a few of its parts damaged; the text itself now and then. */
export function damaged(...texts: readonly string[]): Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(edits, { maxLength: 4 }))
    .map(([text, list]) => list.reduce((now, edit) => edit(now), text));
}

/** Texts without a meaning: values of every kind as YAML, and pieces of YAML in any order. */
export const anyYaml: Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc
    .array(fc.oneof(odd, fc.constantFrom("a: ", "b:\n", "- ", "  ", "\n", " ")), { maxLength: 20 })
    .map((all) => all.join("")),
  fc.jsonValue().map((value) => stringify(value)),
  fc.jsonValue().map((value) => JSON.stringify(value)),
);

/** A text as bytes, a few of them changed: often no UTF-8. */
export function damagedBytes(text: Arbitrary<string>): Arbitrary<Buffer> {
  return fc.tuple(text, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 })).map(([content, changes]) => {
    const bytes = Buffer.from(content);
    for (const [place, value] of changes) if (bytes.length > 0) bytes[place % bytes.length] = value;
    return bytes;
  });
}
