import assert from "node:assert/strict";
import type { Update } from "../../../../model/argocd";
import { objectOf, removals, updates, type Outcome } from "../../../support/argocd-tables";
import { changed, found, policy, removed } from "./support/dangers";

const says: Partial<Record<Update, string>> = {
  "in-place": "immutable-field: Kubernetes refuses the change, and the sync fails until somebody deletes the object",
  "recreated-if-refused": "object-recreated: Argo CD deletes the object and creates it again",
  "recreated-unless-refused":
    "immutable-field: Kubernetes refuses the change, and Argo CD syncs nothing of the Application",
  recreated: "object-recreated: Argo CD deletes the object and creates it again at each sync",
};

/** test/e2e/argocd-objects.test.ts holds the same tables against a running Argo CD. */
describe("dangers of what Argo CD does to an object", () => {
  for (const row of removals) {
    const { title, pruned, cascaded } = row;
    it(`say what stays: ${title}`, () => {
      const made = removed(objectOf(row, "a"));
      const ids = (lines: string[]) => lines.map((line) => line.split(":")[0]);
      const asks = (outcome: Outcome) => (outcome.endsWith("confirmed") ? ["confirmation-needed"] : []);
      const stays = (outcome: Outcome) => (outcome.startsWith("kept") ? ["left-behind"] : []);
      const goes = pruned.startsWith("deleted") ? ["prune"] : [];
      const policies = [{ ...policy, syncOptions: row.application ?? [] }];
      assert.deepEqual(ids(found([made], { policies })), [...goes, ...asks(pruned), ...stays(pruned)]);
      const lines = found([made], { change: "remove", policies });
      assert.deepEqual(ids(lines).sort(), ["application-removed", ...asks(cascaded), ...stays(cascaded)].sort());
      const number = cascaded.startsWith("deleted") ? "1 resource" : "0 resources";
      assert.equal(lines[0], `application-removed: Application orders is deleted with its ${number}`);
    });
  }

  for (const row of updates.filter(({ kind }) => kind === undefined)) {
    it(`say how a field that does not change is changed: ${row.title}`, () => {
      const [before, after] = [row.before ?? row.options, row.options].map((options) => ({
        ...objectOf({ ...row, options }, "a"),
        immutable: true,
      }));
      const made = { ...changed("ConfigMap", [{ path: "data.a", from: "1", to: "2" }]), before, after };
      const lines = found([made], { policies: [{ ...policy, syncOptions: row.application ?? [] }] });
      // A hook is deleted and created again whatever changes.
      const isHook = row.hook !== undefined || row.helmHook !== undefined;
      const expected = isHook && row.update === "recreated" ? undefined : says[row.update];
      assert.deepEqual(
        lines,
        expected === undefined ? [] : [expected.replace(":", ": ConfigMap orders/orders changes data.a:")],
      );
    });
  }
});
