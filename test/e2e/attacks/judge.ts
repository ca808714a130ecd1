import assert from "node:assert/strict";
import type { Plan } from "../../../cli/verbs/plan/types";
import { TreeRepo } from "../../cli/support/tree-repo";
import type { CommitAttempt, PlanSays } from "./attempt";
import { Tree } from "./tree";

/** What `check` and `plan` say about an attempt. */
export interface Judgement {
  code: number;
  errors: string[];
  plan: Plan;
}

/** The tests' tree in a repository, in which each attempt is made and judged. */
export class Judge extends TreeRepo {
  private readonly start: string;

  constructor() {
    super();
    this.put({ "docs/README.md": "# Docs\n" });
    this.start = this.commit();
  }

  async judge({ given, change }: CommitAttempt): Promise<Judgement> {
    this.git("reset", "--quiet", "--hard", this.start);
    this.reset();
    const tree = new Tree(this.root);
    given?.(tree);
    const base = this.commit();
    for (const step of [change].flat()) {
      step(tree);
      this.commit();
    }
    const [check, plan] = await Promise.all([
      this.run("check", "--offline", "--json", base),
      this.run("plan", "--offline", "--json", base, "HEAD"),
    ]);
    assert.equal(plan.code, 0, plan.err);
    assert.ok(check.code < 2, check.err);
    const findings = JSON.parse(check.out) as { rule: string; severity: string }[];
    const errors = findings.filter(({ severity }) => severity === "error").map(({ rule }) => rule);
    return { code: check.code, errors: [...new Set(errors)].sort(), plan: JSON.parse(plan.out) as Plan };
  }
}

/** What a plan says of an attempt, for a message that has to show it. */
export function wordsOf({ changes, failed, notEvaluated }: Plan): string[] {
  const entries = (sign: string, list: readonly { component: string; clusters: string[] }[]) =>
    list.flatMap(({ component, clusters }) => clusters.map((cluster) => `${sign} ${component} in ${cluster}`));
  const said = [
    ...entries("changes", changes),
    ...entries(
      "refuses",
      failed.filter(({ side }) => side !== "base"),
    ),
    ...entries("does not know", notEvaluated),
    ...changes.flatMap(({ dangers }) => dangers.map(({ id }) => id)),
  ];
  return said.length === 0 ? ["no change"] : [...new Set(said)];
}

export function assertSays(plan: Plan, wanted: readonly PlanSays[]): void {
  const said = wordsOf(plan);
  const missing = wanted.filter((words) => !said.includes(words));
  assert.deepEqual(missing, [], `the plan says: ${said.join(", ")}`);
}
