import assert from "node:assert/strict";
import { HostileTree } from "../../cli/robustness/support/hostile-tree";
import { useTool } from "../../cli/robustness/support/tool-process";
import { held } from "./open";
import { playedBy } from "./table";

/** Each attempt by a checkout of somebody else, which the tool only reads. */
describe("an attempt on the tool", function () {
  const { place, tool } = useTool();
  const readers = [
    "plan --offline",
    "check --offline",
    "explain dev orders",
    "render dev --offline",
    "compare dev staging --offline",
  ];

  for (const attempt of playedBy("tool")) {
    const { id, title, make, says, verbs = [...readers, "promote orders --to staging --dry-run"] } = attempt;
    it(`${id} ${title}`, () =>
      held(attempt, "cluster", async () => {
        const tree = new HostileTree(place);
        try {
          make(tree);
          const before = tree.listing();
          const said = await tool.run(tree, verbs);
          const text = said.map(({ out, err }) => out + err).join("");
          assert.ok(!tree.has("outside/ran"), "a program of the checkout was started");
          assert.deepEqual([...tree.listing()], [...before], "something was written");
          for (const { verb, code } of said) assert.ok([0, 1, 2].includes(code), `${verb}: exit code ${code}`);
          assert.doesNotMatch(text, /from-outside|root:x:0|s3cr3t-Pa55word/);
          assert.ok(!text.includes("\u001b"), "an escape reaches the terminal");
          if (says) assert.match(text, says);
        } finally {
          cleanSettings(tree);
        }
      }));
  }
});

/** The next tree is in the same repository. */
function cleanSettings(tree: HostileTree): void {
  const keys = tree.git("config", "--local", "--name-only", "--list").split("\n");
  for (const key of keys)
    if (!/^(core\.(repositoryformatversion|filemode|bare|logallrefupdates)|remote\.|branch\.|extensions\.)/.test(key))
      tree.git("config", "--unset-all", key);
}
