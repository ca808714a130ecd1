import assert from "node:assert/strict";
import type { Plan, PlanChange } from "../../../../cli/verbs/plan/types";
import { addApp, usePlanTree } from "../../support/plan-tree";

describe("the facts of a plan", () => {
  const tree = usePlanTree();

  const one = (plan: Plan): PlanChange => {
    assert.equal(plan.changes.length, 1, JSON.stringify(plan.changes.map(({ component }) => component)));
    return plan.changes[0]!;
  };

  it("are empty when nothing changed, and exit 0 with --exit-code", async () => {
    const plan = await tree.plan("--exit-code");
    assert.deepEqual([plan.changes, plan.failed, plan.notEvaluated], [[], [], []]);
    assert.deepEqual([plan.base, plan.head], [tree.git("rev-parse", "HEAD"), "working tree"]);
    assert.deepEqual(plan.clusters, [
      { name: "dev", stage: "dev", region: "us-east-1" },
      { name: "staging", stage: "staging", region: "eu-west-1" },
      { name: "prod", stage: "prod", region: "eu-west-1" },
    ]);
  });

  it("say image, replicas, fields and the lines of one change", async () => {
    tree.edit("apps/guestbook/stages/staging/pin.yaml", "tag: 6.9.1", "tag: 6.9.2");
    tree.write("apps/guestbook/stages/staging/values.yaml", `replicas: 4\n`);
    const change = one(await tree.plan());
    assert.equal(change.component, "guestbook");
    assert.equal(change.change, "change");
    assert.deepEqual(change.clusters, ["staging"]);
    assert.deepEqual(change.images, [
      { from: "ghcr.io/stefanprodan/podinfo:6.9.1", to: "ghcr.io/stefanprodan/podinfo:6.9.2" },
    ]);
    assert.deepEqual(
      change.replicas.map(({ name, to }) => [name, to]),
      [["guestbook", 4]],
    );
    assert.ok(change.causes.some(({ file, key }) => file.endsWith("staging/pin.yaml") && key === "image.tag"));
    assert.ok(
      change.causes.some(({ file, key, line }) => file.endsWith("values.yaml") && key === "replicas" && line === 1),
    );
    const deployment = change.resources.find(({ kind }) => kind === "Deployment")!;
    assert.deepEqual(
      deployment.fields!.find(({ path }) => path.endsWith(".image")),
      {
        path: "spec.template.spec.containers[web-service].image",
        from: "ghcr.io/stefanprodan/podinfo:6.9.1",
        to: "ghcr.io/stefanprodan/podinfo:6.9.2",
      },
    );
  });

  it("count a change of all clusters once, whatever the hashes of their settings are", async () => {
    tree.edit("apps/orders/values.yaml", "ORDERS_CURRENCY: USD", "ORDERS_CURRENCY: CHF");
    tree.edit("apps/orders/regions/eu-west-1.yaml", "ORDERS_CURRENCY: EUR", "ORDERS_CURRENCY: CHF");
    const plan = await tree.plan();
    // eu-west-1 comes from EUR, us-east-1 from USD.
    assert.deepEqual(
      plan.changes.map(({ clusters, renders }) => [clusters, renders]),
      [
        [["prod", "staging"], 2],
        [["dev"], 1],
      ],
    );
    assert.deepEqual(
      plan.changes.map(({ causes }) => causes.map(({ file, key }) => `${file} ${key}`)),
      [
        ["gitops/apps/orders/regions/eu-west-1.yaml config.ORDERS_CURRENCY"],
        ["gitops/apps/orders/values.yaml config.ORDERS_CURRENCY"],
      ],
    );
  });

  it("do not blame a key that a later layer overrides", async () => {
    // The exception of prod sets its own replicas.
    tree.edit("apps/orders/stages/prod/values.yaml", "replicas: 3", "replicas: 9");
    tree.edit("apps/orders/stages/prod/values.yaml", "ORDERS_PAYMENT: live", "ORDERS_PAYMENT: test");
    const change = one(await tree.plan());
    assert.deepEqual(
      change.causes.map(({ key }) => key),
      ["config.ORDERS_PAYMENT"],
    );
  });

  it("name the template of a changed chart, and not its other templates", async () => {
    for (const version of ["1.0.0", "1.1.0"]) {
      tree.edit(`charts/web-service/${version}/templates/service.yaml`, "port: 80", "port: 8080");
    }
    const plan = await tree.plan("--cluster", "dev");
    assert.ok(plan.changes.length > 0);
    for (const change of plan.changes) {
      assert.ok(change.causes.length > 0);
      for (const { file, line } of change.causes) {
        assert.match(file, /^gitops\/charts\/web-service\/1\.[01]\.0\/templates\/service\.yaml$/);
        assert.equal(tree.read(file.replace("gitops/", "")).split("\n")[line - 1]!.trim(), "port: 8080");
      }
    }
  });

  it("trace a component that a cluster loses to the cluster's own file", async () => {
    tree.edit("clusters/dev/cluster.yaml", "nodes", "storage");
    const plan = await tree.plan();
    const lost = plan.changes.filter(({ change }) => change === "remove");
    assert.deepEqual(lost.map(({ component }) => component).sort(), ["cert-manager", "metrics-server"]);
    for (const { causes, dangers } of lost) {
      assert.deepEqual([...new Set(causes.map(({ file }) => file))], ["gitops/clusters/dev/cluster.yaml"]);
      assert.match(dangers[0]!.message, /is deleted with everything it deployed$/);
    }
    assert.ok(plan.notEvaluated.some(({ component }) => component === "cert-manager"));
  });

  it("list what is not known offline, and count it for --exit-code", async () => {
    tree.edit("addons/cert-manager/stages/dev/pin.yaml", "version: ", "version: 0.0.0-none # ");
    const plan = await tree.plan();
    assert.ok(plan.notEvaluated.length > 0);
    for (const { component, clusters, reason } of plan.notEvaluated) {
      assert.deepEqual([component, clusters], ["cert-manager", ["dev"]]);
      assert.match(reason, /cert-manager/);
    }
    assert.equal((await tree.run("plan", "--offline", "--exit-code")).code, 1);
  });

  it("list a chart that no longer renders as failed, with what Helm says", async () => {
    tree.edit("apps/guestbook/stages/staging/pin.yaml", "  tag: 6.9.1", "  other: 6.9.1");
    const plan = await tree.plan();
    assert.deepEqual(
      plan.failed.map(({ component, clusters, side }) => [component, clusters, side]),
      [["guestbook", ["staging"], "head"]],
    );
    assert.equal((await tree.run("plan", "--exit-code", "--offline")).code, 1);
  });

  it("list what the admission policies of the clusters would refuse, the same of several components once", async () => {
    const stage = "/stages/{{ $values.stage }}/values.yaml";
    tree.edit("bootstrap/templates/_helpers.tpl", stage, "/stages/staging/values.yaml");
    const plan = await tree.plan();
    const refused = plan.failed.filter(({ component }) => component === "orders");
    assert.deepEqual(refused, [
      {
        component: "orders",
        clusters: ["dev", "prod"],
        side: "head",
        reason:
          "admission refuses it: a value file is not one of this component's in this cluster: /gitops/apps/orders/stages/staging/values.yaml",
      },
    ]);
    assert.deepEqual(
      plan.failed.filter(({ clusters }) => clusters.includes("staging")),
      [],
    );
    const { out } = await tree.run("plan", "--offline");
    assert.match(out, /^\d+ changes in 2 of 3 clusters: .*; \d+ failures$/m);
    assert.match(out, /^ {2}guestbook and orders in dev and prod: admission refuses it: /m);
    assert.doesNotMatch(out, /no danger found/);
  });

  it("keep a broken ApplicationSet apart from a removal", async () => {
    tree.write("apps/guestbook/stages/staging/pin.yaml", "component: [\n");
    const plan = await tree.plan();
    assert.deepEqual(
      plan.changes.filter(({ change }) => change === "remove"),
      [],
    );
    const frozen = plan.failed.filter(({ component }) => component !== "*");
    assert.ok(frozen.length > 0);
    for (const { reason } of frozen) {
      assert.match(reason, /^it is no longer made, because (components|charts) fails; Argo CD leaves it as it is$/);
    }
  });

  it("say in which clusters a danger, an image and a resource hold", async () => {
    const template = (verbs: string) =>
      `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: { name: r }\nrules:\n  - apiGroups: [""]\n    resources: [{{ .Values.what }}]\n    verbs: ${verbs}\n`;
    addApp(tree, "roles", template("[get]"), "what: pods\n");
    const pin = tree.read("apps/roles/stages/dev/pin.yaml");
    tree
      .write("apps/roles/stages/staging/pin.yaml", pin)
      .write("apps/roles/stages/staging/values.yaml", "what: secrets\n");
    const start = tree.commit();
    tree.write("charts/roles/1.0.0/templates/all.yaml", template("[get, list]"));
    // The changed field is the same in both, and what it allows is not.
    const { dangers, clusters, varies } = one(await tree.plan(start));
    assert.deepEqual(clusters, ["dev", "staging"]);
    assert.deepEqual(
      dangers.map(({ id, message, clusters }) => [id, message, clusters]),
      [
        ["rbac-wider", "Role orders/r newly allows list pods in dev", ["dev"]],
        ["rbac-wider", "Role orders/r newly allows list secrets in staging", ["staging"]],
      ],
    );
    assert.deepEqual(varies, []);
    tree.git("checkout", "-q", ".");
    tree.delete("apps/roles/stages");
    const gone = one(await tree.plan(start));
    assert.deepEqual([gone.clusters, gone.varies], [["dev", "staging"], []]);
  });

  it("name the phase of a hook, and leave out a hook that is never applied", async () => {
    const hook = (name: string, at: string) =>
      `---\napiVersion: batch/v1\nkind: Job\nmetadata: { name: ${name}, annotations: { helm.sh/hook: "${at}" } }\n`;
    addApp(tree, "batch", hook("migrate", "pre-install,pre-upgrade") + hook("try", "test"));
    const [change] = (await tree.plan("--component", "batch")).changes;
    assert.deepEqual(
      change!.resources.map(({ name, phases }) => [name, phases]),
      [["migrate", ["PreSync"]]],
    );
    const { out } = await tree.run("plan", "--offline", "--component", "batch");
    assert.match(out, /^ {2}\+ Job orders\/migrate \(PreSync hook\)$/m);
    const { out: markdown } = await tree.run("plan", "--offline", "--markdown", "--component", "batch");
    assert.match(markdown, /^\+ Job orders\/migrate \(PreSync hook\)$/m);
  });

  it("make one entry of a component that is new in every stage", async () => {
    const pins = ["dev", "staging", "prod"].map((stage) => [
      stage,
      tree.read(`apps/guestbook/stages/${stage}/pin.yaml`),
    ]);
    for (const [stage, text] of pins)
      tree.write(`apps/visitors/stages/${stage}/pin.yaml`, text!.replace(": guestbook", ": visitors"));
    tree.write("apps/visitors/values.yaml", tree.read("apps/guestbook/values.yaml"));
    tree.write("apps/visitors/stages/prod/values.yaml", "replicas: 7\n");
    const { change, clusters, images, varies, resources } = one(await tree.plan("--component", "visitors"));
    assert.deepEqual([change, clusters], ["add", ["dev", "prod", "staging"]]);
    assert.ok(images.every(({ to, clusters }) => to !== undefined && (clusters === undefined || clusters.length < 3)));
    const replicas = varies.find(({ path }) => path === "spec.replicas")!;
    assert.equal(resources[replicas.resource!]!.kind, "Deployment");
    assert.deepEqual(
      replicas.values.map(({ to, clusters }) => [to, clusters]).find(([to]) => to === 7),
      [7, ["prod"]],
    );
  });

  it("compare two commits, a range, and a branch from where it started", async () => {
    const start = tree.head();
    tree.edit("apps/guestbook/stages/staging/pin.yaml", "tag: 6.9.1", "tag: 6.9.2");
    const end = tree.commit();
    for (const words of [[start, end], [`${start}..${end}`], [`${start}...${end}`], [start]]) {
      const plan = await tree.plan(...words);
      assert.equal(one(plan).component, "guestbook");
      assert.equal(plan.base, start);
      assert.equal(plan.head, words.length === 1 && words[0] === start ? "working tree" : end);
    }
  });
});
