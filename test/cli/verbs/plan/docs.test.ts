import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { isMapping } from "../../../../model/mapping";
import { plan as verb } from "../../../../cli/verbs/plan/command";
import { inCheckout } from "../../../support/paths";

const read = (path: string) => readFileSync(inCheckout(path), "utf8");

describe("the documentation of plans", () => {
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
    for (const block of blocks) assert.ok(isMapping(parse(block)), block);
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
    assert.deepEqual(readdirSync(inCheckout(".github/actions/plan")), ["action.yml"]);
    assert.ok(read("docs/ci.md").includes("uses: ./.github/actions/plan"));
  });
});
