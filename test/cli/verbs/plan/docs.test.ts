import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { parse } from "yaml";
import { plan as verb } from "../../../../cli/verbs/plan/command";
import { catalog } from "../../../../cli/verbs/plan/dangers/catalog";

const root = join(__dirname, "..", "..", "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** The page with its generated parts made anew. */
async function generated(page: string): Promise<string> {
  const rows = Object.entries(catalog).map(([id, { level, meaning }]) => `| \`${id}\` | ${level} | ${meaning} |`);
  const parts = {
    output: `\`\`\`\n${read("test/cli/verbs/plan/reports/plan.txt")}\`\`\``,
    dangers: `| id | level | what it means |\n| --- | --- | --- |\n${rows.join("\n")}`,
  };
  const filled = Object.entries(parts).reduce(
    (text, [name, part]) =>
      text.replace(
        new RegExp(`<!-- ${name} -->[\\s\\S]*?<!-- end -->`),
        () => `<!-- ${name} -->\n\n${part}\n\n<!-- end -->`,
      ),
    page,
  );
  return format(filled, { parser: "markdown", printWidth: 120 });
}

describe("the documentation of plans", () => {
  it("shows what a real run prints, and every danger", async () => {
    const page = read("docs/plan.md");
    const fresh = await generated(page);
    if (process.env.UPDATE_REPORTS === "1") writeFileSync(join(root, "docs/plan.md"), fresh);
    else assert.equal(page, fresh, "docs/plan.md is stale; run with UPDATE_REPORTS=1");
    assert.ok(fresh.includes(read("test/cli/verbs/plan/reports/plan.txt")));
  });

  it("names no option that does not exist", () => {
    const known = [...Object.keys(verb.options), "json", "tree", "help", "sarif"];
    for (const page of ["docs/plan.md", "docs/ci.md", ".github/actions/plan/action.yml"]) {
      for (const line of read(page)
        .split("\n")
        .filter((line) => line.includes("onebranch plan"))) {
        for (const [, name] of line.slice(line.indexOf("onebranch plan")).matchAll(/\s--([a-z-]+)/g)) {
          assert.ok(known.includes(name!), `${page}: --${name}`);
        }
      }
    }
  });

  it("holds YAML that can be read", () => {
    const blocks = [...read("docs/ci.md").matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text!);
    assert.equal(blocks.length, 3);
    for (const block of blocks) assert.equal(typeof parse(block), "object");
  });
});

interface Action {
  name: string;
  description: string;
  inputs: Record<string, { description: string; default: string }>;
  outputs: Record<string, { description: string; value: string }>;
  runs: { using: string; steps: { id?: string; uses?: string; run?: string; shell?: string }[] };
}

describe("the composite action", () => {
  const text = read(".github/actions/plan/action.yml");
  const action = parse(text) as Action;

  it("has what GitHub asks of one", () => {
    assert.equal(action.runs.using, "composite");
    for (const { uses, run, shell } of action.runs.steps) {
      assert.ok((uses === undefined) !== (run === undefined));
      assert.equal(shell, run === undefined ? undefined : "bash");
    }
    for (const { description } of [...Object.values(action.inputs), ...Object.values(action.outputs)])
      assert.ok(description);
  });

  it("uses only inputs, outputs and steps that it has", () => {
    for (const [, name] of text.matchAll(/\$\{\{[^}]*?inputs\.([a-z-]+)/g)) assert.ok(action.inputs[name!], name);
    const ids = action.runs.steps.map(({ id }) => id);
    for (const [, id] of text.matchAll(/steps\.([a-z-]+)\.outputs/g)) assert.ok(ids.includes(id), id);
  });

  it("puts nothing that a pull request chooses into a script", () => {
    for (const { run = "" } of action.runs.steps) assert.ok(!run.includes("${{"), run);
  });

  it("stands where the documentation says", () => {
    assert.deepEqual(readdirSync(join(root, ".github/actions/plan")), ["action.yml"]);
    assert.ok(read("docs/ci.md").includes("uses: ./.github/actions/plan"));
  });
});
