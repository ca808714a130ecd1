import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import Ajv from "ajv";
import fc, { type Arbitrary } from "fast-check";
import stringWidth from "string-width";
import { dangerIds } from "../../model/rules";
import { planHtml } from "../../cli/verbs/plan/report/html";
import { markdownLimit, planMarkdown } from "../../cli/verbs/plan/report/markdown";
import { planText } from "../../cli/verbs/plan/report/text";
import { planSchema } from "../../cli/verbs/plan/schema";
import type { Plan } from "../../cli/verbs/plan/types";
import { fuzzed, patience } from "./support/settings";

/** Marks what came from a plan, so that it can be found in a page again. */
const mark = "zq";
const hostile = fc.constantFrom(
  ...[
    `<b ${mark}>`,
    `"><img ${mark} src=x onerror=alert(1)>`,
    `</script><script>${mark}`,
    `' onclick='${mark}`,
    `<!-- ${mark}`,
    `&lt;${mark}`,
  ],
  ...[
    "`",
    "```",
    "~~~",
    "|",
    "\n",
    "\r\n- x",
    "\u001b[31m",
    "\u202e",
    "\u2028",
    "\0",
    "\ud800",
    "配置變更",
    "👩‍👩‍👧",
    "e\u0301",
    "\t",
    "](http://x)",
    "@team",
    "#1",
  ],
  ...["</details>", "\n```\n<b>", "a".repeat(300), "x ".repeat(80), "\u200b", "ﷺ", "$&", "$`"],
);
const text: Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.array(fc.oneof(hostile, fc.string({ maxLength: 5 })), { maxLength: 5 }).map((all) => all.join("")),
);
const name = fc.oneof({ weight: 3, arbitrary: fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/) }, text);
const clusterNames = ["dev", "staging", "prod-eu", "prod-us", "prod-<b>"];
const some = fc.uniqueArray(fc.constantFrom(...clusterNames), { minLength: 1, maxLength: 5 });
const kind = fc.constantFrom("add" as const, "change" as const, "remove" as const);
const side = fc.constantFrom("base" as const, "head" as const);
const value = fc.oneof(text, fc.integer(), fc.constant(null), fc.jsonValue({ maxDepth: 2 }));
const field = fc.record(
  { path: text, from: value, to: value, masked: fc.constant(true as const) },
  { requiredKeys: ["path"] },
);
const resource = fc.record(
  {
    apiVersion: name,
    kind: name,
    namespace: name,
    name,
    change: kind,
    source: text,
    fields: fc.array(field, { maxLength: 4 }),
    manifest: fc.record({
      apiVersion: name,
      kind: name,
      metadata: fc.record({ name }),
      data: fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true }),
    }),
    clusters: some,
  },
  { requiredKeys: ["apiVersion", "kind", "name", "change"] },
);
const change = fc
  .record({
    component: name,
    change: kind,
    clusters: some,
    resources: fc.array(resource, { maxLength: 4 }),
    images: fc.array(fc.record({ from: text, to: text, clusters: some }, { requiredKeys: ["from"] }), { maxLength: 2 }),
    replicas: fc.array(
      fc.record(
        {
          kind: name,
          name,
          namespace: name,
          field: fc.constantFrom("replicas", "minReplicas"),
          from: fc.nat(),
          to: fc.nat(),
          clusters: some,
        },
        { requiredKeys: ["kind", "name", "field"] },
      ),
      { maxLength: 2 },
    ),
    dangers: fc.array(
      fc.record(
        {
          id: fc.constantFrom(...dangerIds),
          level: fc.constantFrom("high" as const, "medium" as const),
          message: text,
          resources: fc.array(text, { maxLength: 2 }),
          clusters: some,
        },
        { requiredKeys: ["id", "level", "message", "resources"] },
      ),
      { maxLength: 3 },
    ),
    causes: fc.array(
      fc.record(
        { file: text, line: fc.integer({ min: 1 }), key: text, side, clusters: some },
        { requiredKeys: ["file", "line", "side"] },
      ),
      { maxLength: 6 },
    ),
    application: fc.array(field, { maxLength: 2 }),
    renders: fc.integer({ min: 1, max: 99 }),
    varies: fc.array(
      fc.record(
        {
          resource: fc.nat(3),
          path: text,
          values: fc.array(fc.record({ from: value, to: value, clusters: some }, { requiredKeys: ["clusters"] }), {
            maxLength: 3,
          }),
        },
        { requiredKeys: ["path", "values"] },
      ),
      { maxLength: 2 },
    ),
  })
  .map((made) => ({
    ...made,
    // A place is in one of the resources.
    varies: made.varies.filter(({ resource: index }) => index === undefined || index < made.resources.length),
  }));
const unknown = fc.record({ component: fc.oneof(name, fc.constant("*")), clusters: some, reason: text });
const plans = fc.record({
  base: fc.constant("0123456789abcdef0123456789abcdef01234567"),
  head: fc.constantFrom("fedcba9876543210fedcba9876543210fedcba98", "working tree"),
  clusters: fc.constant(
    clusterNames.map((cluster) => ({ name: cluster, stage: cluster.split("-")[0]!, region: "eu" })),
  ),
  changes: fc.array(change, { maxLength: 5 }),
  notEvaluated: fc.array(unknown, { maxLength: 3 }),
  failed: fc.array(fc.record({ component: name, clusters: some, reason: text, side }), { maxLength: 3 }),
  unsteady: fc.array(unknown, { maxLength: 2 }),
}) as Arbitrary<Plan>;

/** Names of the tags of a page, which are all that a plan may be able to add to it. */
const tagsOf = (page: string) => [...page.matchAll(/<\/?([a-zA-Z!][^\s>]*)/g)].map(([, tag]) => tag);
const ownTags =
  /^(!doctype|html|head|meta|title|style|body|a|header|h[1-4]|p|code|main|section|div|span|ul|ol|li|dl|dt|dd|details|summary|pre|table|caption|thead|tbody|tr|th|td|button|label|input|select|option|fieldset|legend|form|search|nav|small|strong|em|b|footer|script|svg|path|del|ins|mark|time|article|output|colgroup|col)$/;

describe("reports of any plan", function () {
  this.timeout(patience);

  it("keep to the columns of a terminal and send it nothing but colours", () => {
    const property = fc.property(plans, fc.constantFrom(100, 100, 72, 40), (plan, columns) => {
      const plain = planText(plan, { colour: false, columns });
      assert.deepEqual(
        plain.split("\n").filter((line) => stringWidth(line) > columns),
        [],
      );
      assert.ok(!/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u.test(plain), "no control character");
      const coloured = planText(plan, { colour: true, columns });
      assert.equal(stripVTControlCharacters(coloured).replace(/ +$/gm, ""), plain);
    });
    fc.assert(property, fuzzed(150));
  });

  it("fit into a comment, also a small one, and end every block of code that they begin", () => {
    const property = fc.property(plans, fc.constantFrom(markdownLimit, 4000, 1500), (plan, limit) => {
      const comment = planMarkdown(plan, limit);
      assert.ok(comment.length <= limit, `${comment.length} characters, at most ${limit}`);
      let fence = "";
      for (const line of comment.split("\n")) {
        const [, found] = /^ {0,3}(`{3,})/.exec(line) ?? [];
        if (found === undefined) continue;
        if (fence === "") fence = found;
        else if (found.length >= fence.length && line.trim() === found) fence = "";
      }
      assert.equal(fence, "", "a block of code is not ended");
      const outside = comment
        .replace(/^ {0,3}(`{3,})[^]*?^ {0,3}\1\s*$/gm, "")
        .replace(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, "");
      assert.ok(!/<(b|img|script|!--)/.test(outside), outside);
    });
    fc.assert(property, fuzzed(150));
  });

  it("are pages to which a plan adds words only", () => {
    const property = fc.property(plans, (plan) => {
      const page = planHtml(plan);
      const body = page.replace(/<(script|style)[^>]*>[^]*?<\/\1>/g, "");
      assert.deepEqual(
        tagsOf(body).filter((tag) => !ownTags.test(tag!)),
        [],
      );
      for (const [tag] of body.matchAll(/<[a-zA-Z](?:"[^"]*"|[^">])*>/g)) {
        assert.ok(!/\son[a-z]+\s*=|javascript:/i.test(tag.replace(/"[^"]*"/g, '""')), tag);
      }
      assert.equal(page.match(/<script/g)?.length, 1);
      assert.equal(page.match(/<\/script/g)?.length, 1);
      assert.ok(!/<[^>]*zq[^"]*>/.test(body.replace(/"[^"]*"/g, '""')));
      assert.ok(!/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u.test(page), "no control character");
    });
    fc.assert(property, fuzzed(150));
  });

  it("are JSON by the published schema", () => {
    const validate = new Ajv({ strict: true }).compile(planSchema);
    const property = fc.property(plans, (plan) => {
      assert.ok(validate(JSON.parse(JSON.stringify(plan))), JSON.stringify(validate.errors));
    });
    fc.assert(property, fuzzed(100));
  });
});
