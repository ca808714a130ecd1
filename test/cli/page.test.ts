import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { inCheckout } from "../support/paths";

describe("the styles of the pages", () => {
  const base = readFileSync(inCheckout("cli/page/base.css"), "utf8");
  const known = new Set(base.match(/--[\w-]+(?=:)/g));

  for (const file of ["cli/page/base.css", "cli/verbs/plan/report/view/style.css", "cli/verbs/ui/page/style.css"])
    it(`${file} uses only colours of cli/page/base.css`, () => {
      const used = [...readFileSync(inCheckout(file), "utf8").matchAll(/var\((--[\w-]+)\)/g)].map(([, name]) => name!);
      assert.ok(used.length > 10);
      assert.deepEqual(
        used.filter((name) => !known.has(name)),
        [],
      );
    });

  it("has every colour for light and for dark", () => {
    for (const name of known) assert.equal(base.match(new RegExp(`${name}:`, "g"))?.length, 2, name);
  });
});
