import assert from "node:assert/strict";
import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Sample } from "./cli/support/sample";
import { keepRepo } from "./cli/support/tree-repo";
import { addLauncher, blocksOf, shell, type Shown } from "./support/guide";
import { root } from "./support/root";
import { skip } from "./support/skip";

/** A command that a guide shows to fail says so in its comment: `# exit code 1`. */
const expectedCode = (command: string) => Number(/# exit code (\d)/.exec(command)?.[1] ?? 0);

/** The shared chart of a guide that names it, with its library; the tree of the tests has only web-service. */
const ofApps = ["service", "workload"];
const shipped = (chart: string) => join(root, "gitops/charts", chart);
const needsService = (page: string) => readFileSync(join(root, page), "utf8").includes("--chart service");

describe("a command of a guide that needs a cluster", function () {
  const sample = keepRepo(new Sample());
  before(() => addLauncher(sample.root));

  it("is read as the tool reads it", async () => {
    assert.deepEqual(await shell("./onebranch up dev --yes", sample.root), { code: 0, output: "" });
    const { code, output } = await shell("./onebranch up dev --provder eks", sample.root);
    assert.equal(code, 2);
    assert.match(output, /up has no option --provder; did you mean --provider\?/);
    assert.equal((await shell("./onebranch drift", sample.root)).code, 2);
  });
});

for (const name of readdirSync(join(root, "docs", "guides")).filter((file) => file.endsWith(".md"))) {
  const page = `docs/guides/${name}`;
  describe(`the commands of ${page}, one after the other`, function () {
    const sample = keepRepo(new Sample());
    let last: Shown = { code: 0, output: "" };
    before(function () {
      if (needsService(page) && !ofApps.every((chart) => existsSync(shipped(chart))))
        skip(this, "gitops/charts/service is not there");
      copyFileSync(join(root, "Pulumi.yaml"), join(sample.root, "Pulumi.yaml"));
      if (needsService(page))
        for (const chart of ofApps)
          cpSync(shipped(chart), join(sample.root, "gitops/charts", chart), { recursive: true });
      sample.commit("the program");
      addLauncher(sample.root);
    });

    for (const block of blocksOf(page)) {
      if (block.does === "write") {
        it(`${block.line}: writes ${block.path}`, () => sample.write(block.path, block.content));
      } else if (block.does === "print") {
        it(`${block.line}: is what is printed`, () => {
          for (const line of block.lines) assert.ok(last.output.includes(line), `not printed: ${line}\n${last.output}`);
        });
      } else {
        it(`${block.line}: ${block.command}`, async () => {
          last = await shell(block.command, sample.root);
          assert.equal(last.code, expectedCode(block.command), last.output);
        });
      }
    }

    it("leaves a tree in which check finds no error", async () => {
      const { code, out } = await sample.run("check", "--offline");
      assert.equal(code, 0, out);
    });
  });
}
