import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../../../cli/verbs/check/rules";
import { runCheck } from "../../../../cli/verbs/check/run";
import type { Rule } from "../../../../cli/verbs/check/rule";
import { formatFinding, type Finding } from "../../../../model/findings";
import { sameAsRecorded } from "../../../support/recorded";
import { buildRenderer } from "../../../support/renderer";
import { CaseTree, fixtures } from "./support/case";

/** Lines of the findings of one rule in one case. */
async function findings(directory: string, chosen: readonly Rule[], binary?: string): Promise<string[]> {
  const tree = new CaseTree(directory);
  try {
    const base = chosen.some(({ needs }) => needs === "base") ? { base: tree.base() } : {};
    const input = binary === undefined ? tree.input(base) : await tree.evaluated(binary);
    const result = await runCheck(input, chosen, rules);
    // Without a renderer some rules say that they saw less.
    const told = binary === undefined ? result.findings.filter(({ severity }) => severity !== "note") : result.findings;
    const lines = told.map((finding) => formatFinding(finding as Finding));
    // The templates of bootstrap are this repository's own, and may grow.
    return binary === undefined
      ? lines
      : lines.map((line) => line.replace(/^(gitops\/bootstrap\/templates\/\S+?):\d+:/, "$1:_:"));
  } finally {
    tree.remove();
  }
}

/** The rule; with those of the comments go the rules that their fixtures excuse. */
function chosen(rule: Rule): readonly Rule[] {
  const excused = ["secret-in-git", "pin-order", "empty-values"];
  return rule.id.endsWith("-ignore") ? rules.filter(({ id }) => id === rule.id || excused.includes(id)) : [rule];
}

const withoutRenderer = rules.filter(({ needs = "base", also }) => needs === "base" && also === undefined);

function cases(rule: Rule, binary: () => string | undefined = () => undefined): void {
  const directory = join(fixtures, "rules", rule.id);

  it(`${rule.id} finds what is wrong`, async () => {
    const found = await findings(join(directory, "invalid"), chosen(rule), binary());
    assert.notDeepEqual(found, []);
    sameAsRecorded(join(directory, "invalid", "expected.txt"), found.map((line) => `${line}\n`).join(""));
  });

  it(`${rule.id} finds nothing where nothing is wrong`, async () => {
    assert.ok(existsSync(join(directory, "valid")));
    assert.deepEqual(await findings(join(directory, "valid"), chosen(rule), binary()), []);
  });
}

describe("rules", () => {
  it("have each a fixture, and each fixture a rule", () => {
    assert.deepEqual(readdirSync(join(fixtures, "rules")).sort(), rules.map(({ id }) => id).sort());
  });

  it("have each a file of their own, and a message of their own in their fixture", () => {
    for (const { id, check } of rules) {
      const expected = readFileSync(join(fixtures, "rules", id, "invalid", "expected.txt"), "utf8");
      assert.match(expected, new RegExp(`^\\S+:(\\d+|_): .+; .+ \\[${id}\\]$`, "m"));
      if (check) assert.ok(require.resolve(`../../../../cli/verbs/check/rules/${id}`));
    }
  });

  for (const rule of withoutRenderer) cases(rule);

  it("find nothing in the tree that the fixtures share", async () => {
    const found = await findings(join(fixtures, "none"), withoutRenderer);
    assert.deepEqual(found, []);
  });
});

describe("rules that need the renderer", () => {
  let binary: string;

  before(async function () {
    binary = await buildRenderer.call(this);
  });

  for (const rule of rules.filter((rule) => !withoutRenderer.includes(rule))) cases(rule, () => binary);

  it("find nothing in the tree that the fixtures share, but the set that is empty there", async () => {
    const found = await findings(join(fixtures, "none"), rules, binary);
    assert.deepEqual(found, [
      "gitops/bootstrap/templates/charts.yaml:_: the ApplicationSet charts makes nothing in dev, prod-eu and 2 more clusters; " +
        "mend its generator or selector, or remove it [empty-set]",
    ]);
  });
});
