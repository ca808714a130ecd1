import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ruleIds } from "../model/rules";
import { numberOf } from "./e2e/attacks/attempt";
import { attacksPage } from "./e2e/attacks/page";
import { attempts, attemptsBy } from "./e2e/attacks/table";
import { docs } from "./support/paths";

describe("the table of attacks", () => {
  it("has every attempt of the list, and each id once", () => {
    const numbers = new Set(attempts.map(numberOf));
    const list = Array.from({ length: 110 }, (_, i) => i + 1);
    assert.deepEqual(
      list.filter((number) => !numbers.has(number)),
      [],
    );
    const ids = attempts.map(({ id }) => id);
    assert.deepEqual(ids, [...new Set(ids)]);
  });

  it("names rules of the catalogue", () => {
    const named = attemptsBy("commit").flatMap(({ check, plan, open }) => [
      ...(open?.check ? [] : check),
      ...(open?.plan ? [] : plan.filter((word) => !/ /.test(word))),
    ]);
    assert.deepEqual(
      named.filter((id) => !(ruleIds as readonly string[]).includes(id)),
      [],
    );
  });

  it("says why where nothing refuses an attempt", () => {
    for (const attempt of attemptsBy("commit")) {
      const refused = attempt.check.length > 0 || (attempt.cluster && attempt.cluster.stop !== "nothing");
      assert.ok(refused || attempt.said !== undefined, attempt.id);
    }
  });

  it("is what its page shows", () => {
    assert.equal(readFileSync(join(docs, "reference", "attacks.md"), "utf8"), attacksPage(), "run `make docs`");
  });
});
