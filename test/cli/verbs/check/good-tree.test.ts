import assert from "node:assert/strict";
import { Evaluation } from "../../../../cli/verbs/check/evaluation";
import { CheckInput } from "../../../../cli/verbs/check/input";
import { loadKubernetes } from "../../../../cli/verbs/check/kubernetes/load";
import { rules } from "../../../../cli/verbs/check/rules";
import { runCheck } from "../../../../cli/verbs/check/run";
import { SourceFiles } from "../../../../cli/verbs/check/source/files";
import { Renderer } from "../../../../cli/tree/renderer";
import { formatFinding, type Finding } from "../../../../model/findings";
import { readTree } from "../../../../model/tree";
import { buildRenderer } from "../../../support/renderer";
import { TreeRepo } from "../../support/tree-repo";
import { today } from "./support/case";

/** The tests' tree with the shipped bootstrap chart under all rules. */
describe("a good tree", () => {
  const repo = new TreeRepo();
  let renderer: Renderer;
  let input: CheckInput;

  before(async function () {
    const binary = await buildRenderer.call(this);
    renderer = await Renderer.open({ root: repo.root, env: process.env, offline: true, binary });
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
    repo.remove();
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
