import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { toCell } from "../../../../cli/verbs/ui/fleet/cell";
import { PinHistory, toComponentView } from "../../../../cli/verbs/ui/fleet/component";
import { object } from "./support/objects";

describe("where the page offers to promote a component to", () => {
  const stages = ["dev", "staging", "prod"];
  const history = new PinHistory(tmpdir(), new Map(), async () => Buffer.from(""));

  /** What is offered for a component that clusters of these stages have. */
  async function targets(of: readonly string[], path = "gitops/charts/web/1.0.0"): Promise<string[]> {
    const found = object("orders");
    found.spec!.source!.path = path;
    const clusters = of.map((name) => ({
      ...{ name, stage: name, ring: "", region: "eu-west-1", provider: "kind", isStack: true },
      link: { state: "live" as const, since: "" },
      applications: [toCell(found)],
    }));
    const view = await toComponentView({ clusters }, "orders", { stages, history });
    const lines = view!.commands.map(({ line }) => line).filter((line) => line.includes("promote"));
    assert.deepEqual(
      lines,
      view!.targets.map((stage) => `onebranch promote orders --to ${stage} --dry-run`),
    );
    return view!.targets;
  }

  for (const [of, wanted] of [
    [["dev"], ["staging"]],
    [
      ["dev", "staging"],
      ["staging", "prod"],
    ],
    [
      ["dev", "prod"],
      ["staging", "prod"],
    ],
    [["prod"], ["prod"]],
    [["elsewhere"], []],
  ] as const)
    it(`is ${wanted.join(" and ") || "nowhere"} from ${of.join(" and ")}`, async () =>
      assert.deepEqual(await targets(of), wanted));

  it("is nowhere for what has no pin, such as bootstrap", async () =>
    assert.deepEqual(await targets(["dev"], "gitops/bootstrap"), []));
});
