import assert from "node:assert/strict";
import { skip } from "../support/skip";
import { rendering } from "./bootstrap";
import { PinnedTree } from "./files";
import { findHelm, refusal, render } from "./helm";

describe("the namespaces of the platform", function () {
  const tree = new PinnedTree();
  let helm: string;

  before(async function () {
    const found = await findHelm();
    if (found) helm = found;
    else skip(this, "no helm on PATH, and none built (make toolchain)");
  });

  it("are made with their levels of Pod Security and labels, but for those that are there", () => {
    const good = rendering(tree.root, tree.clusters.get("dev")!, "kind");
    const more = [
      ...["shared=restricted", "mesh=privileged"].map((one) => one.split("=") as [string, string]),
    ].flatMap(([name, level]) => ["--set", `platform.namespaces.${name}.podSecurity=${level}`]);
    const label = ["--set", "platform.namespaces.mesh.labels.example\\.com/mesh=none"];
    const made = render(helm, { ...good, more: [...good.more, ...more, ...label] }).filter(({ kind }) => kind === "Namespace");
    const enforce = "pod-security.kubernetes.io/enforce";
    const labels = Object.fromEntries(made.map(({ metadata }) => [metadata.name, metadata.labels]));
    assert.equal(labels["kube-system"], undefined);
    assert.deepEqual(labels.shared, { "onebranch.dev/team": "platform", [enforce]: "restricted" });
    assert.deepEqual(labels.mesh, {
      "example.com/mesh": "none",
      "onebranch.dev/team": "platform",
      [enforce]: "privileged",
    });
    const bad = (set: string) => refusal(helm, { ...good, more: [...good.more, "--set-string", set] });
    assert.match(bad("platform.namespaces.shared.podSecurity=strict"), /platform\/namespaces\/shared/);
    assert.match(bad("platform.namespaces.cert-manager.labels.pod-security\\.kubernetes\\.io/enforce=privileged"), /cert-manager/);
  });
});
