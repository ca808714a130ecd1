import assert from "node:assert/strict";
import { commands } from "../../../cli/commands";
import { skip } from "../../support/skip";
import { useSample } from "../explain/support/sample";

/** Verbs, or single examples, that are not run here, and why. */
const notRun: Readonly<Record<string, string>> = {
  up: "it makes a cluster; test/e2e runs it",
  preview: "it runs the Pulumi engine; test/e2e runs it",
  destroy: "it removes a cluster; test/e2e runs it",
  "onebranch status dev --json": "there is no cluster here; test/e2e runs it",
};

/** The words of an example as a shell makes them: only quotes are known. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2]!);
}

describe("the examples of every verb", () => {
  const sample = useSample();
  // What some examples speak of: a branch that was pushed, and a commit before the last one.
  before(() => {
    sample.write("README.md", "one more commit\n");
    sample.commit("one more");
    sample.git("update-ref", "refs/remotes/origin/main", "HEAD");
  });

  for (const [verb, load] of Object.entries(commands)) {
    for (const { line } of load().examples) {
      it(line, async function () {
        const reason = notRun[verb] ?? notRun[line];
        if (reason !== undefined) skip(this, reason);
        const [tool, ...rest] = words(line);
        assert.equal(tool, "onebranch");
        const { code, err } = await sample.run(...rest);
        assert.notEqual(code, 2, err);
        assert.doesNotMatch(err, /failed in a way it does not know/);
      });
    }
  }
});
