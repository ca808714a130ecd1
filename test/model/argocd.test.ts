import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  cascades,
  hookOf,
  howUpdated,
  keepsApplications,
  resourcesFinalizer,
  whenCascaded,
  whenPruned,
  type Fate,
} from "../../model/argocd";
import { objectOf, outcomeOf, phases, removals, updates } from "../support/argocd-tables";
import { inCheckout } from "../support/paths";

/** test/e2e/argocd-objects.test.ts holds the same tables against a running Argo CD. */
describe("what Argo CD does to an object", () => {
  for (const row of removals) {
    const { title, pruned, cascaded, application } = row;
    it(`${pruned} when pruned, ${cascaded} by a cascade: ${title}`, () => {
      const object = objectOf(row, "a");
      assert.equal(outcomeOf(whenPruned(object, true, application)), pruned);
      assert.equal(outcomeOf(whenCascaded(object, application)), cascaded);
    });
  }

  it("deletes nothing where the Application does not prune, and asks all the same", () => {
    for (const row of removals) {
      const [on, off] = [true, false].map((prune) => whenPruned(objectOf(row, "a"), prune, row.application)) as [
        Fate,
        Fate,
      ];
      assert.equal(off.outcome, on.outcome === "absent" ? "absent" : "kept", row.title);
      assert.equal(off.waits, on.waits, row.title);
    }
  });

  for (const row of phases) {
    it(`${row.fate}: ${row.title}`, () => {
      const hook = hookOf(objectOf(row, "a"));
      assert.equal(hook === undefined || hook.phases.length > 0, row.fate === "applied");
      assert.deepEqual(hook?.phases ?? [], row.phases ?? []);
    });
  }

  for (const row of updates) {
    it(`updated ${row.update}: ${row.title}`, () => {
      const live = objectOf({ ...row, options: row.before }, "a");
      assert.equal(howUpdated(objectOf(row, "a"), row.application, live), row.update);
    });
  }
});

describe("what the deletion of an Application takes along", () => {
  const finalizer = "resources-finalizer.argocd.argoproj.io";

  it("is everything with one of the three finalizers, and nothing with another", () => {
    for (const name of [finalizer, `${finalizer}/foreground`, `${finalizer}/background`])
      assert.equal(cascades(["other", name]), true, name);
    for (const name of [`${finalizer}/orphan`, `${finalizer}/`, "post-delete-finalizer.argocd.argoproj.io"])
      assert.equal(cascades([name]), false, name);
    assert.equal(cascades([]), false);
  });

  it("is what the renderer gives to an Application of a set", () => {
    const text = readFileSync(inCheckout("renderer/appset/expand.go"), "utf8");
    assert.equal(/const resourcesFinalizer = "(.*)"/.exec(text)?.[1], resourcesFinalizer);
  });

  it("does not happen where the set keeps its Applications", () => {
    assert.deepEqual(["create-only", "create-update", "create-delete", "sync", "", undefined].map(keepsApplications), [
      ...[true, true],
      ...[false, false, false, false],
    ]);
  });
});
