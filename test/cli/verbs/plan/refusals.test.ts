import assert from "node:assert/strict";
import { addApp, usePlanTree } from "../../support/plan-tree";

describe("what an AppProject refuses", () => {
  const tree = usePlanTree();

  const object = (apiVersion: string, kind: string, more = "") =>
    `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: x${more} }\n`;
  const allowed = object("v1", "ConfigMap");

  it("stands in the plan as refused, with what the project does not allow and what it does", async () => {
    const elsewhere = object("v1", "ConfigMap", ", namespace: guestbook");
    addApp(tree, "vault", allowed + object("rbac.authorization.k8s.io/v1", "ClusterRole") + elsewhere);
    const { changes } = await tree.plan();
    const { change, refused, resources } = changes.find(({ component }) => component === "vault")!;
    assert.equal(change, "add");
    assert.deepEqual(refused, [
      "the project commerce of vault does not allow the cluster-scoped kind ClusterRole (x)",
      'the project commerce of vault does not allow the namespace "guestbook" of ConfigMap x',
    ]);
    assert.deepEqual(resources.map(({ kind, namespace = "", refused }) => [kind, namespace, refused ?? false]).sort(), [
      ["ClusterRole", "", true],
      ["ConfigMap", "guestbook", true],
      ["ConfigMap", "orders", false],
    ]);
    const { out } = await tree.run("plan", "--offline");
    assert.match(out, /^1 change in 1 of 3 clusters: 1 refused; /m);
    assert.match(out, /^x vault {2}dev\n {2}x refused: the project commerce of vault does not allow/m);
    assert.match(out, /^ {2}x ClusterRole x$/m);
    assert.match(out, /^ {2}\+ ConfigMap orders\/x$/m);
  });

  it("is everything where the project does not allow the namespace or the repository of the Application", async () => {
    addApp(tree, "vault", allowed);
    tree.edit("apps/vault/stages/dev/pin.yaml", "namespace: orders", "namespace: guestbook");
    const { changes } = await tree.plan();
    const { refused, resources } = changes.find(({ component }) => component === "vault")!;
    assert.match(refused!.join(), /^the project commerce does not allow vault into the namespace "guestbook" of https/);
    assert.deepEqual(
      resources.map((one) => one.refused),
      [true],
    );
  });

  it("is told apart by cluster, and judged by the project as the same commit makes it", async () => {
    addApp(tree, "vault", allowed + object("v1", "Secret", ", namespace: vault"));
    tree.write("apps/vault/stages/staging/pin.yaml", tree.read("apps/vault/stages/dev/pin.yaml"));
    const own = '{{ if eq .Values.stage "staging" }}vault{{ else }}none{{ end }}';
    tree.edit(
      "bootstrap/templates/projects.yaml",
      "    {{- range $namespace, $_ := $spec.namespaces }}\n",
      `    - { server: "{{ $server }}", namespace: "${own.replace(".Values", "$.Values")}" }\n    {{- range $namespace, $_ := $spec.namespaces }}\n`,
    );
    const { changes } = await tree.plan();
    const vault = changes.filter(({ component }) => component === "vault");
    assert.deepEqual(vault.map(({ clusters, refused }) => [clusters, refused?.length ?? 0]).sort(), [
      [["dev"], 1],
      [["staging"], 0],
    ]);
  });

  it("of a namespace that is removed again is not reported: nothing is left to refuse", async () => {
    addApp(tree, "vault", object("rbac.authorization.k8s.io/v1", "ClusterRole"));
    const bad = tree.commit();
    tree.delete("apps/vault").delete("charts/vault");
    const { changes } = await tree.plan(bad);
    assert.deepEqual(
      changes.map(({ component, change, refused }) => [component, change, refused]),
      [["vault", "remove", undefined]],
    );
  });
});
