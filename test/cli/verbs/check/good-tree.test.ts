import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Evaluation } from "../../../../cli/verbs/check/evaluation";
import { CheckInput } from "../../../../cli/verbs/check/input";
import { loadKubernetes } from "../../../../cli/verbs/check/kubernetes/load";
import { rules } from "../../../../cli/verbs/check/rules";
import { runCheck } from "../../../../cli/verbs/check/run";
import { SourceFiles } from "../../../../cli/verbs/check/source/files";
import { Renderer } from "../../../../cli/tree/renderer";
import { rendererBinary } from "../../../../cli/tree/renderer/binary";
import { formatFinding, type Finding } from "../../../../model/findings";
import { readTree } from "../../../../model/tree";
import { addTree } from "../../../support/fixtures";
import { today } from "./support/case";

/** The tests' tree with the shipped bootstrap chart under all rules. */
describe("a good tree", () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "onebranch-shipped-")));
  let renderer: Renderer;
  let input: CheckInput;

  before(async function () {
    this.timeout(600_000);
    addTree(root);
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", root, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args]);
    git("init", "--quiet", "--initial-branch=main");
    git("add", "--all");
    git("commit", "--quiet", "--message=tree");
    const binary = await rendererBinary({ env: process.env });
    renderer = await Renderer.open({ root, env: process.env, offline: true, binary });
    const head = await renderer.checkout.tree();
    const files = new SourceFiles(head);
    input = new CheckInput({
      files,
      tree: readTree(head),
      today,
      base: { files, changed: new Set() },
      evaluation: await Evaluation.open(renderer, head, renderer.checkout.tree("HEAD")),
      maxRemovals: 1,
      maxObjectRemovals: 3,
      kubernetes: (version) => loadKubernetes(version, { env: process.env, offline: true }),
    });
  });

  after(() => {
    renderer.close();
    rmSync(root, { recursive: true });
  });

  it("has no finding", async () => {
    const { findings } = await runCheck(input, rules);
    const found = findings.filter(({ severity }) => severity !== "note");
    assert.deepEqual(
      found.map((finding) => formatFinding(finding as Finding)),
      [],
    );
  });

  it("deploys by the contract of the tree what its ApplicationSets make: the same layers in the same order", async () => {
    const { applications } = await input.evaluated.applications();
    const made = applications
      .filter(({ set }) => set !== "root")
      .map(({ cluster, name, valueFiles }) => ({
        ...{ cluster, name, layers: valueFiles.filter(({ exists }) => exists).map(({ path }) => path) },
      }));
    const expected = input.deployments.map(({ cluster, component, layers }) => ({
      ...{ cluster: cluster.name, name: component.name, layers },
    }));
    const sorted = (list: typeof made) => list.map((one) => JSON.stringify(one)).sort();
    assert.deepEqual(sorted(made), sorted(expected));
    assert.ok(made.length > 10);
  });
});
