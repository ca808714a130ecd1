import assert from "node:assert/strict";
import { usePlanTree } from "../../support/plan-tree";

/** Files in which a person and Argo CD may read different things. */
describe("a plan takes files as Argo CD reads them", () => {
  const tree = usePlanTree();
  const pin = "apps/orders/stages/dev/pin.yaml";
  const values = "apps/orders/stages/dev/values.yaml";

  it("a version without quotes is a number, and loses its zero", async () => {
    tree.edit(pin, "version: 1.1.0", "version: 1.10");
    const { changes, failed } = await tree.plan();
    assert.deepEqual(
      changes.flatMap(({ application }) => application).find(({ path }) => path === "spec.source.path"),
      { path: "spec.source.path", from: "gitops/charts/web-service/1.1.0", to: "gitops/charts/web-service/1.1" },
    );
    assert.deepEqual(
      failed.map(({ component, clusters, reason }) => [
        component,
        clusters,
        /version is missing or is not a text/.test(reason),
      ]),
      [["orders", ["dev"], true]],
    );
  });

  it("a pin without a line of YAML is no pin, and stops its own component only", async () => {
    tree.write(pin.replace("dev", "prod"), "");
    tree.write(pin, tree.read(pin).replaceAll(/^/gm, "# "));
    const { changes, failed } = await tree.plan();
    assert.deepEqual(
      changes.filter(({ change, component }) => change !== "change" || component !== "orders"),
      [],
    );
    for (const { component, reason } of failed) {
      assert.equal(component, "orders");
      assert.match(reason, /pin\.yaml: team is missing or is not a text\) which does not exist$/);
    }
    assert.deepEqual(failed.flatMap(({ clusters }) => clusters).sort(), ["dev", "prod"]);
  });

  it("a list in templatePatch replaces the one of the template", async () => {
    const sets = "bootstrap/templates/components.yaml";
    const patch = "  templatePatch: |\n    spec:\n      syncPolicy:\n        syncOptions: [ApplyOutOfSyncOnly=true]\n";
    tree.write(sets, `${tree.read(sets).trimEnd()}\n${patch}`);
    const { changes } = await tree.plan("--cluster", "dev");
    const options = changes
      .filter(({ component }) => component === "orders")
      .flatMap(({ application }) => application)
      .filter(({ path }) => path.startsWith("spec.syncPolicy.syncOptions"));
    assert.deepEqual(
      [options.flatMap(({ from = [] }) => from), options.flatMap(({ to = [] }) => to)],
      [
        ["CreateNamespace=true", "ServerSideApply=true", "SkipDryRunOnMissingResource=true"],
        ["ApplyOutOfSyncOnly=true"],
      ],
    );
  });

  it("a byte order mark and the line ends of Windows change no value, and no line", async () => {
    const text = `\ufeff${tree.read(values).replaceAll("\n", "\r\n")}`;
    tree.write(values, text);
    assert.deepEqual((await tree.plan()).changes, []);
    const explained = await tree.run("explain", "dev", "orders", "config.ORDERS_PAYMENT", "--json");
    const { values: found } = JSON.parse(explained.out) as { values: { value: string; file: string; line: number }[] };
    assert.deepEqual(
      found.map(({ value, file, line }) => [value, file, line]),
      [["fake", `gitops/${values}`, 2]],
    );
    tree.write(values, `${text}replicas: 2\r\n`);
    const { changes } = await tree.plan();
    assert.deepEqual(
      changes.flatMap(({ causes }) => causes.map(({ file, line, key }) => [file, line, key])),
      [[`gitops/${values}`, 3, "replicas"]],
    );
  });
});
