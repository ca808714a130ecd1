import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rulesPage } from "../../../../cli/verbs/check/docs";
import { rules } from "../../../../cli/verbs/check/rules";
import { dangerIds, ruleIds, ruleTexts } from "../../../../model/rules";
import { docs } from "../../../support/paths";

describe("the reference page of the rules", () => {
  it("is what the rules say", () => {
    const page = readFileSync(join(docs, "reference", "rules.md"), "utf8");
    assert.equal(page, rulesPage(rules), "run `make docs`");
  });

  it("has a sentence for each part of each rule, and an id that is used once", () => {
    const ids = rules.map(({ id }) => id);
    assert.deepEqual(ids, [...new Set(ids)]);
    assert.deepEqual(
      ruleIds.filter((id) => !ids.includes(id) && !(dangerIds as readonly string[]).includes(id)),
      [],
      "nothing reports these",
    );
    for (const id of ruleIds) {
      const { title, why, fix } = ruleTexts[id];
      assert.match(id, /^[a-z]+(-[a-z]+)*$/);
      for (const sentence of [title, why, fix]) assert.match(sentence, /^[A-Z#].*\.$/s, `${id}: ${sentence}`);
    }
  });
});
