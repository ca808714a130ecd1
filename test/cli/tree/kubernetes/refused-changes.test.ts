import assert from "node:assert/strict";
import { frozen } from "../../../../cli/tree/kubernetes/immutable-fields";
import { refusedChanges } from "../../../../cli/tree/kubernetes/refused-changes";
import type { KubernetesObject } from "../../../../cli/tree/renderer";
import { updates } from "./support/updates";

/** The same updates are tried on an API server in test/e2e/immutable-fields.test.ts. */
describe("refusedChanges", () => {
  for (const { title, before, after, change, refused } of updates) {
    it(`${refused === undefined ? "allows" : "refuses"} ${title}`, () => {
      const found = refusedChanges({ ...before, fields: [change] }, before, after);
      assert.deepEqual(found, refused === undefined ? [] : [{ field: refused, change }]);
    });
  }

  it("has a refused update for every field of the table", () => {
    const tried = new Set(
      updates.flatMap(({ before, refused }) => (refused ? [`${groupOf(before)}/${before.kind} ${refused}`] : [])),
    );
    for (const [kind, { fields }] of Object.entries(frozen)) {
      for (const field of fields) {
        // The group and plural of a definition are its name; those of an update are never another's.
        if (field === "spec.group" || field === "spec.names.plural") continue;
        const found = [...tried].some(
          (one) => one === `${kind} ${field}` || (field === "spec" && one.startsWith(`${kind} spec.`)),
        );
        assert.ok(found, `${kind} ${field}`);
      }
    }
  });
});

function groupOf({ apiVersion }: KubernetesObject): string {
  return apiVersion.includes("/") ? apiVersion.split("/")[0]! : "";
}
