import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commands } from "../cli/commands";
import type { Plan } from "../cli/verbs/plan/types";
import { useSample, words } from "./cli/support/sample";
import { root } from "./support/root";

/** Verbs that need a cluster; test/e2e runs them. */
const elsewhere = ["up", "status", "preview", "destroy", "ui", "open", "kubeconfig", "drift"];

/** The lines of a page's shell blocks, without comments. */
function lines(page: string): string[] {
  const blocks = [...readFileSync(join(root, page), "utf8").matchAll(/^```sh\n([\s\S]*?)^```/gm)];
  return blocks.flatMap(([, block]) => block!.trim().split("\n")).map((line) => line.replace(/\s+#.*$/, ""));
}

/**
 * README and docs quote the tree that is shipped. Its user may change it, so what they quote is compared with the tree of the
 * tests, which is the same.
 */
describe("the commands of README and docs", function () {
  this.timeout(60_000);
  const sample = useSample();
  before(() => {
    sample.write("README.md", "one more commit\n");
    sample.commit("one more");
  });

  for (const page of ["README.md", "docs/plan.md", "docs/tree.md"]) {
    const shown = lines(page).filter((line) => line.startsWith("./onebranch "));
    it(`${page} shows some`, () => assert.ok(shown.length > 3));
    for (const line of shown) {
      const [, verb = "", ...rest] = words(line);
      if (elsewhere.includes(verb)) continue;
      it(`${page}: ${line}`, async () => {
        const offline = commands[verb]!().options.offline ? ["--offline"] : [];
        const { code, err } = await sample.run(verb, ...rest, ...offline);
        assert.equal(code, 0, err);
      });
    }
  }

  it("README's first change reaches dev, and only dev", async () => {
    const change = lines("README.md").find((line) => line.startsWith("sed "))!;
    execFileSync("sh", ["-c", change], { cwd: sample.root });
    const { out } = await sample.run("plan", "--offline", "--json");
    assert.deepEqual(
      (JSON.parse(out) as Plan).changes.map(({ component, clusters }) => [component, clusters]),
      [["guestbook", ["dev"]]],
    );
  });
});
