import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inCheckout } from "./support/paths";

/** By rule: an import that it refuses, as [file, text, imported file]. */
const refused: Readonly<Record<string, readonly [string, string, string]>> = {
  "model-imports": ["model/a.ts", 'import "../machine/z";', "machine/z.ts"],
  "machine-imports": ["machine/a.ts", 'import "../test/z";', "test/z.ts"],
  "infra-imports": ["infra/a.ts", 'import "../cli/terminal/z";', "cli/terminal/z.ts"],
  "bin-imports": ["bin/a.js", 'require("../infra/z");', "infra/z.ts"],
  "cli-terminal-imports": ["cli/terminal/a.ts", 'import "../tree/z";', "cli/tree/z.ts"],
  "cli-page-imports": ["cli/page/a.ts", 'import "../verbs/plan/z";', "cli/verbs/plan/z.ts"],
  "cli-tree-imports": ["cli/tree/a.ts", 'import type { Z } from "../verbs/plan/z";', "cli/verbs/plan/z.ts"],
  "cli-stack-imports": ["cli/stack/a.ts", 'import "../verbs/plan/z";', "cli/verbs/plan/z.ts"],
  "cli-promotion-imports": ["cli/promotion/a.ts", 'import "../verbs/plan/z";', "cli/verbs/plan/z.ts"],
  "cli-imports": ["cli/a.ts", 'await import("../infra/z");', "infra/z.ts"],
  "verb-imports": ["cli/verbs/new/a.ts", 'type Z = typeof import("../plan/z");', "cli/verbs/plan/z.ts"],
  "only-rollback-imports-plan-between.ts": [
    "cli/verbs/new/b.ts",
    'import "../plan/between";',
    "cli/verbs/plan/between.ts",
  ],
  "only-ui-imports-plan-report-view-index.ts": [
    "cli/verbs/new/d.ts",
    'import "../plan/report/view";',
    "cli/verbs/plan/report/view/index.ts",
  ],
  "only-ui-imports-plan-types.ts": [
    "cli/verbs/new/e.ts",
    'import type { Z } from "../plan/types";',
    "cli/verbs/plan/types.ts",
  ],
  "provider-imports": ["infra/b.ts", 'export * from "./providers/kind/z";', "infra/providers/kind/z.ts"],
  "between-providers": ["infra/providers/kind/a.ts", 'import "../eks";', "infra/providers/eks/index.ts"],
  "no-circle": ["model/b.ts", 'import type { C } from "./c";', "model/c.ts"],
};

/** Imports of every kind that are allowed, as [file, text]. */
const allowed: readonly (readonly [string, string])[] = [
  ["model/c.ts", 'export type { B } from "./b";'],
  ["machine/z.ts", 'import "../model/z";'],
  ["infra/z.ts", 'import "../machine/z"; import "./providers/kind"; import "./providers/embedded/toolchain";'],
  ["cli/pulumi.ts", 'import "../infra/z";'],
  ["cli/verbs/plan/z.ts", 'import "../../tree/z"; import "../../stack/z"; import "../../command"; import "./between";'],
  ["cli/verbs/rollback/z.ts", 'import "../plan/between";'],
  ["cli/promotion/z.ts", 'import "../tree/z"; import "../stack/z"; import "../verbs/plan/between";'],
  ["cli/verbs/promote/z.ts", 'import "../../promotion/z";'],
  ["cli/verbs/ui/z.ts", 'import "../../page/z"; import "../plan/types"; import "../plan/report/view";'],
  ["test/z.ts", 'import "../cli/verbs/plan/z"; import "../infra/z";'],
];

interface Cruise {
  summary: {
    violations: { from: string; to: string; rule: { name: string } }[];
    ruleSetUsed: { forbidden: { name: string }[] };
  };
}

describe("the rules of imports", () => {
  const directory = mkdtempSync(join(tmpdir(), "onebranch-imports-"));
  let summary: Cruise["summary"];

  before(() => {
    const files = new Map<string, string>();
    for (const file of [
      "cli/page/z",
      "cli/tree/z",
      "cli/stack/z",
      "cli/terminal/z",
      "cli/command",
      "model/z",
      "infra/providers/kind/index",
    ])
      files.set(`${file}.ts`, "export {};");
    files.set("infra/providers/embedded/toolchain/index.ts", "export {};");
    for (const [, , target] of Object.values(refused)) files.set(target, "export {};");
    for (const [file, text] of [...Object.values(refused), ...allowed]) files.set(file, text);
    for (const [file, text] of files) {
      mkdirSync(dirname(join(directory, file)), { recursive: true });
      writeFileSync(join(directory, file), text);
    }
    const tool = inCheckout("node_modules/.bin/depcruise");
    const args = ["--config", inCheckout(".dependency-cruiser.mjs"), "--output-type", "json"];
    const folders = [...new Set([...files.keys()].map((file) => file.split("/")[0]!))];
    const output = execFileSync(tool, [...args, ...folders], { cwd: directory, encoding: "utf8" });
    summary = (JSON.parse(output) as Cruise).summary;
  });
  after(() => rmSync(directory, { recursive: true }));

  it("refuse an import each", () => {
    const names = summary.ruleSetUsed.forbidden.map(({ name }) => name);
    assert.deepEqual(Object.keys(refused).sort(), names.sort());
  });

  it("find what they refuse, and nothing else", () => {
    const found = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
    const expected = Object.entries(refused).map(([rule, [from, , to]]) => `${rule}: ${from} -> ${to}`);
    assert.deepEqual(found.sort(), expected.sort());
  });
});
