import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import Ajv from "ajv";
import stringWidth from "string-width";
import { format } from "prettier";
import { dangerIds, ruleTexts } from "../../../../model/rules";
import { planHtml } from "../../../../cli/verbs/plan/report/html";
import { markdownLimit, planMarkdown } from "../../../../cli/verbs/plan/report/markdown";
import { planText } from "../../../../cli/verbs/plan/report/text";
import { planSchema } from "../../../../cli/verbs/plan/schema";
import type { Plan } from "../../../../cli/verbs/plan/types";
import { docs } from "../../../support/paths";
import { sameAsRecorded } from "../../../support/recorded";
import { addApp, PlanTree } from "../../support/plan-tree";
import { keepRepo } from "../../support/tree-repo";

/** docs/plan.md with what stands between `<!-- name -->` and `<!-- end -->` renewed. */
async function pageWith(parts: Readonly<Record<string, string>>): Promise<string> {
  let page = readFileSync(join(docs, "plan.md"), "utf8");
  for (const [name, part] of Object.entries(parts)) {
    const place = new RegExp(`<!-- ${name} -->[\\s\\S]*?<!-- end -->`);
    assert.match(page, place);
    page = page.replace(place, () => `<!-- ${name} -->\n\n${part}\n\n<!-- end -->`);
  }
  return format(page, { parser: "markdown", printWidth: 120 });
}

/** Reports name the base's commit, which differs from run to run. */
const stable = (plan: Plan): Plan => ({ ...plan, base: "0123456789abcdef0123456789abcdef01234567" });

/** Escape sequences and letters that turn the direction of a text. */
const hasControl = (text: string) => text.includes("\u001b") || text.includes("\u202e");

describe("the reports of a plan", () => {
  const tree = keepRepo(new PlanTree());
  let plan: Plan;

  before(async function () {
    const secret = (value: string) =>
      `apiVersion: v1\nkind: Secret\nmetadata: { name: vault }\nstringData:\n  password: ${value}\n---\n` +
      `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: { name: vault }\nrules:\n  - apiGroups: [""]\n    resources: [secrets]\n    verbs: ${value === "n3wV4lue" ? '["*"]' : "[get]"}\n`;
    addApp(tree, "vault", secret("0ldV4lue"));
    tree.commit();
    tree.write("charts/vault/1.0.0/templates/all.yaml", secret("n3wV4lue"));
    tree.edit("apps/guestbook/stages/staging/pin.yaml", "tag: 6.9.1", "tag: 6.9.2");
    tree.delete("apps/orders/stages/staging");
    tree.delete("apps/guestbook/stages/prod");
    tree.edit("addons/cert-manager/stages/dev/pin.yaml", "version: ", "version: 0.0.1 # ");
    plan = stable(await tree.plan());
  });

  it("fit a terminal of 100 columns, as docs/plan.md shows with every danger", async () => {
    const text = planText(plan, { colour: false, columns: 100 });
    assert.deepEqual(
      text.split("\n").filter((line) => line.length > 100),
      [],
    );
    const rows = dangerIds.map((id) => {
      const { severity, title } = ruleTexts[id];
      const level = severity === "error" ? "high" : "medium";
      return `| [${id}](reference/rules.md#${id}) | ${level} | ${title} |`;
    });
    const dangers = `| id | level | what it means |\n| --- | --- | --- |\n${rows.join("\n")}`;
    const page = await pageWith({ output: `\`\`\`\n${text}\`\`\``, dangers });
    assert.ok(page.includes(text));
    sameAsRecorded(join(docs, "plan.md"), page);
  });

  it("fit a narrow terminal too", () => {
    const text = planText(plan, { colour: false, columns: 48 });
    assert.deepEqual(
      text.split("\n").filter((line) => line.length > 48),
      [],
    );
  });

  it("fit where characters are wide and words are long", () => {
    const wide = "配置變更".repeat(30);
    const long = `gitops/${"very-long-directory/".repeat(12)}values.yaml`;
    const wideField = { path: `data.${wide}`, from: wide, to: `🚀${wide}` };
    const text = planText(
      {
        ...plan,
        changes: plan.changes.map((change) => ({
          ...change,
          component: wide,
          causes: [{ file: long, line: 1, key: wide, side: "head" }],
          dangers: [{ id: "prune", level: "medium", message: `${wide} ${wide}`, resources: [] }],
          resources: [{ apiVersion: "v1", kind: "ConfigMap", name: wide, change: "change", fields: [wideField] }],
          varies: [
            {
              resource: 0,
              path: wide,
              values: [
                { to: wide, clusters: ["dev"] },
                { to: long, clusters: ["prod"] },
              ],
            },
          ],
        })),
      },
      { colour: false, columns: 100 },
    );
    assert.deepEqual(
      text.split("\n").filter((line) => stringWidth(line) > 100),
      [],
    );
    // Nothing of what is wrapped is lost.
    assert.equal(text.replace(/\s/g, "").split(`${wide}${wide}[prune]`).length - 1, plan.changes.length);
  });

  it("have colour only where it was asked for, and the same words", () => {
    const plain = planText(plan, { colour: false, columns: 100 });
    const coloured = planText(plan, { colour: true, columns: 100 });
    assert.ok(!plain.includes("\u001b"));
    assert.ok(coloured.includes("\u001b[31m"));
    assert.equal(stripVTControlCharacters(coloured), plain);
  });

  it("make a comment", () => sameAsRecorded(join(__dirname, "reports", "plan.md"), planMarkdown(plan)));

  it("follow the published schema", async () => {
    const validate = new Ajv({ strict: true }).compile(planSchema);
    assert.ok(validate(plan), JSON.stringify(validate.errors, undefined, 2));
    const broken = { ...plan, changes: [{ ...plan.changes[0], clusters: [] }] };
    assert.ok(!validate(broken));
    sameAsRecorded(
      join(docs, "reference", "plan.schema.json"),
      await format(JSON.stringify(planSchema), { parser: "json", printWidth: 120 }),
    );
  });

  it("mask secrets in every form", () => {
    const forms = [
      JSON.stringify(plan),
      planText(plan, { colour: false, columns: 100 }),
      planMarkdown(plan),
      planHtml(plan),
    ];
    for (const form of forms) {
      assert.ok(!/0ldV4lue|n3wV4lue/.test(form));
      assert.ok(form.includes("vault"));
    }
  });

  it("say it in every form when something is not evaluated", () => {
    assert.ok(plan.notEvaluated.length > 0);
    for (const form of [planText(plan, { colour: false, columns: 100 }), planMarkdown(plan), planHtml(plan)]) {
      assert.match(form, /Not evaluated/);
      assert.ok(form.includes("cert-manager"));
    }
  });

  it("say once what is the same but for the name of the component", () => {
    const failed = ["web", "api", "jobs", "mail"].map((component) => ({
      component,
      clusters: ["dev"],
      side: "head" as const,
      reason: `charts/shared/templates/${component}.yaml: no value`,
    }));
    const other = { ...failed[0]!, reason: "something else" };
    const text = planText({ ...plan, failed: [...failed, other] }, { colour: false, columns: 100 });
    assert.match(text, /^ {2}web, api and 2 more in dev: charts\/shared\/templates\/web\.yaml: no value$/m);
    assert.match(text, /^ {2}web in dev: something else$/m);
    assert.match(text, /; 5 failures\n/);
  });

  describe("cut to a comment", () => {
    const many = (number: number, lines: number): Plan => ({
      ...plan,
      changes: Array.from({ length: number }, (_, index) => ({
        ...plan.changes.find(({ resources }) => resources.some(({ fields }) => fields))!,
        component: `app-${index}`,
        resources: Array.from({ length: 8 }, (_, at) => ({
          apiVersion: "v1",
          kind: "ConfigMap",
          name: `c-${at}`,
          change: "change" as const,
          fields: [{ path: "data.a", from: "x\n".repeat(lines), to: "y`\n".repeat(lines) }],
        })),
      })),
    });

    for (const [number, lines] of [
      [1, 20_000],
      [20, 60],
      [300, 30],
      [5000, 1],
    ] as const) {
      it(`keeps to the limit with ${number} changes of ${lines} lines, most dangerous first, and says what it cut`, () => {
        const text = planMarkdown(many(number, lines));
        assert.ok(text.length <= markdownLimit, String(text.length));
        assert.match(text, /\*\*Cut to fit into a comment:\*\*/);
        const order = [...text.matchAll(/app-(\d+)\*\*/g)].map(([, index]) => Number(index));
        assert.deepEqual(
          order,
          order.map((_, index) => index),
        );
        assert.ok(order.length > 0);
        assert.equal(text.split("<details>").length, text.split("</details>").length);
        const whole = /(\d+) whole changes?/.exec(text)?.[1] ?? "0";
        assert.equal(order.length + Number(whole), number);
      });
    }

    it("counts what is not evaluated when even that is too long", () => {
      const notEvaluated = Array.from({ length: 500 }, (_, index) => ({
        component: `app-${index}`,
        clusters: ["dev"],
        reason: `chart ${index} is not at hand`.repeat(20),
      }));
      const text = planMarkdown({ ...many(300, 30), notEvaluated });
      assert.ok(text.length <= markdownLimit);
      assert.match(text, /- and \d+ more; `--json` lists them all/);
    });
  });

  it("turn nothing of a tree into markup", () => {
    const evil = "<img src=x onerror=alert(1)> @everyone #123 GH-45 &lt;b> `` ``` [a](b) | c \u001b[2J\u202e\nnext";
    const hostile: Plan = {
      ...plan,
      changes: plan.changes.map((change) => ({
        ...change,
        component: evil,
        dangers: [{ id: "prune", level: "medium", message: evil, resources: [evil] }],
        images: [{ to: evil }],
        varies: [{ path: evil, values: [{ to: evil, clusters: ["dev"] }, { clusters: ["prod"] }] }],
        resources: [
          {
            apiVersion: "v1",
            kind: evil,
            name: evil,
            change: "change",
            fields: [{ path: evil, from: evil, to: "</pre>```" }],
          },
        ],
      })),
    };
    assert.ok(!planHtml(hostile).includes("<img"));
    assert.ok(!hasControl(planText(hostile, { colour: false, columns: 100 })));
    const markdown = planMarkdown(hostile);
    const outside = markdown.replace(/(`{3,})diff\n[\s\S]*?\n\1\n/g, "");
    assert.ok(outside.includes("onerror") && !hasControl(markdown));
    // Code spans are shown as they stand; what they hold is not markup.
    const text = outside.replace(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, "");
    for (const live of ["<img", "@everyone", "#123", "GH-45", "&lt;b>", "[a](b)"])
      assert.ok(!text.includes(live), live);
  });
});
