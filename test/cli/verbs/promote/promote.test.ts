import assert from "node:assert/strict";
import { editFiles } from "../../../../cli/tree/edit";
import { useSample } from "../../support/sample";

describe("onebranch promote", () => {
  const sample = useSample();
  const prod = "gitops/apps/orders/stages/prod/pin.yaml";

  it("copies the pin of the stage before, changes nothing else, and prints the plan", async () => {
    const { code, out, err } = await sample.run("promote", "orders", "--to", "prod");
    assert.deepEqual([code, err], [0, ""]);
    assert.deepEqual(sample.changes(), [` M ${prod}`]);
    assert.equal(sample.read(prod), sample.read(prod.replace("prod", "staging")));
    assert.ok(out.startsWith(`orders: staging -> prod, ${prod}\n  image.tag: 6.9.0 -> 6.9.2\n\n`), out);
    assert.match(out, /Deployment orders\/orders/);
    assert.match(out, /podinfo:6\.9\.0/);
  });

  it("takes the facts of the pin along, also those that go", async () => {
    const [from, to] = ["staging", "prod"].map((stage) => `gitops/addons/cert-manager/stages/${stage}/pin.yaml`);
    sample.write(from!, `${sample.read(from!)}facts:\n  global.clusterName: name # for metrics\n  zone: region\n`);
    sample.write(to!, `${sample.read(to!)}facts:\n  zone: name\n  old: stage\n`);
    const { code, out } = await sample.run("promote", "cert-manager", "--to", "prod", "--offline");
    assert.equal(code, 0);
    assert.ok(
      out.includes("\n  facts.zone: name -> region\n  facts.old: stage -> -\n  facts.global.clusterName: - -> name\n"),
      out,
    );
    assert.match(sample.read(to!), /\nfacts:\n {2}zone: region\n {2}global\.clusterName: name[^\n]*\n$/);
  });

  it("takes along what Argo CD is not to compare", async () => {
    const [from, to] = ["staging", "prod"].map((stage) => `gitops/addons/cert-manager/stages/${stage}/pin.yaml`);
    const entry = "  - kind: Service\n    name: web\n    jsonPointers:\n      - /spec/clusterIP\n";
    sample.write(from!, `${sample.read(from!)}ignoreDifferences:\n${entry}`);
    const { code, out } = await sample.run("promote", "cert-manager", "--to", "prod", "--offline");
    assert.equal(code, 0);
    assert.ok(out.includes("\n  ignoreDifferences: - -> /spec/clusterIP of Service web\n"), out);
    assert.ok(out.includes("Argo CD no longer compares or writes /spec/clusterIP of Service web in cert-manager"), out);
    assert.equal(sample.read(to!), sample.read(from!));
  });

  it("keeps the comments and the form of the pin file", async () => {
    const before = sample
      .read(prod)
      .replace("version: 1.1.0", "version: 1.0.0 # held, see OPS-1")
      .replace("  tag: 6.9.0", '  # the last good one\n  tag: "6.9.0"');
    sample.write(prod, `# Who changes this asks the on-call.\n${before}`);
    await sample.run("promote", "orders", "--to", "prod");
    const after = before.replace("version: 1.0.0 #", "version: 1.1.0 #").replace('tag: "6.9.0"', "tag: 6.9.2");
    assert.equal(sample.read(prod), `# Who changes this asks the on-call.\n${after}`);
  });

  it("changes one line of a file with the line ends of Windows, and keeps quotes", async () => {
    const staging = prod.replace("prod", "staging");
    sample.write(staging, sample.read(staging).replace("tag: 6.9.2", 'tag: "4651090"'));
    const before = `# owned by commerce\n${sample.read(prod)}`
      .replace(/^version/m, "# renovate: depName=web-service\n$&")
      .replaceAll("\n", "\r\n");
    sample.write(prod, before);
    sample.commit("pins");
    assert.equal((await sample.run("promote", "orders", "--to", "prod", "--offline")).code, 0);
    assert.equal(sample.read(prod), before.replace("tag: 6.9.0", 'tag: "4651090"'));
  });

  it("keeps comments also where keys come and go", async () => {
    const digest = `sha256:${"0".repeat(64)}`;
    const staging = prod.replace("prod", "staging");
    sample.write(staging, sample.read(staging).replace("tag: 6.9.2", `digest: ${digest}`));
    sample.write(prod, `# Asks the on-call.\n${sample.read(prod)}`);
    const { out } = await sample.run("promote", "orders", "--to", "prod");
    assert.match(out, new RegExp(`\\n  image\\.tag: 6\\.9\\.0 -> -\\n  image\\.digest: - -> ${digest}\\n`));
    assert.equal(sample.read(prod), `# Asks the on-call.\n${sample.read(staging)}`);
  });

  it("brings a component to a stage that does not have it yet", async () => {
    const path = "gitops/addons/metrics-server/stages/prod/pin.yaml";
    const { code, out } = await sample.run("promote", "metrics-server", "--to", "prod", "--offline");
    assert.equal(code, 0);
    assert.deepEqual(sample.changes(), [`?? ${path}`]);
    assert.equal(sample.read(path), sample.read(path.replace("prod", "staging")));
    assert.ok(out.startsWith(`metrics-server: staging -> prod, ${path}\n  component: - -> metrics-server\n`));
  });

  it("promotes all that both stages have, and names what the stage does not have", async () => {
    const { code, out } = await sample.run("promote", "--all", "--to", "prod", "--dry-run");
    assert.equal(code, 0);
    const [head, plan] = out.split("\n\n", 2);
    assert.equal(
      head,
      [
        "guestbook: staging -> prod, gitops/apps/guestbook/stages/prod/pin.yaml (not written)",
        "  version: 1.0.0 -> 1.1.0",
        `orders: staging -> prod, ${prod} (not written)`,
        "  image.tag: 6.9.0 -> 6.9.2",
        "the same in both: cert-manager, guardrails",
        "metrics-server is not in prod; bring it there by name: onebranch promote metrics-server --to prod",
      ].join("\n"),
    );
    assert.match(plan!, /^2 changes in 1 of 1 cluster: .*\nfrom before to after the promotion$/);
    assert.match(out, /podinfo:6\.9\.0 -> 6\.9\.2/);
    assert.deepEqual(sample.changes(), []);
    await sample.run("promote", "--all", "--to", "prod", "--offline");
    assert.deepEqual(sample.changes(), [" M gitops/apps/guestbook/stages/prod/pin.yaml", ` M ${prod}`]);
    const again = await sample.run("promote", "--all", "--to", "prod");
    assert.match(again.out, /^nothing to promote: all 4 components are the same in staging and prod\n/);
  });

  it("plans a dry run as it plans the real one, and touches nothing", async () => {
    const facts = async (...more: string[]) => {
      const { out } = await sample.run("promote", "--all", "--to", "prod", "--json", "--offline", ...more);
      const { plan, promoted, written } = JSON.parse(out) as Record<string, unknown>;
      return { written, promoted, plan };
    };
    const dry = await facts("--dry-run");
    assert.deepEqual(sample.changes(), []);
    assert.deepEqual({ ...dry, written: true }, await facts());
    assert.equal((dry.plan as { changes: object[] }).changes.length, 2);
  });

  it("leaves holds and canaries of clusters alone, and names them", async () => {
    sample.write("gitops/clusters/prod/pins/orders.yaml", "component: orders\nimage:\n  tag: 6.8.0\n");
    const exceptions = sample.read("gitops/clusters/prod/exceptions.yaml");
    const entry =
      '- component: orders\n  pin: hold\n  owner: team-commerce\n  reason: A sale.\n  ticket: OPS-1\n  expires: "2099-12-31"\n';
    sample.write("gitops/clusters/prod/exceptions.yaml", `${exceptions}${entry}`);
    sample.commit("a hold");
    const { out } = await sample.run("promote", "orders", "--to", "prod");
    assert.match(
      out,
      /\n {2}prod keeps 6\.8\.0: hold until 2099-12-31 \(gitops\/clusters\/prod\/pins\/orders\.yaml\)\n/,
    );
    assert.deepEqual(sample.changes(), [` M ${prod}`]);
  });

  it("finishes what a killed run left before it promotes", async () => {
    const staging = prod.replace("prod", "staging");
    const text = sample.read(staging).replace("6.9.2", "6.9.1");
    try {
      editFiles(sample.root, [{ path: staging, text }], (name) => {
        if (name.startsWith("write ")) throw new Error("killed");
      });
    } catch (error) {
      assert.match(String(error), /killed/);
    }
    const { err } = await sample.run("promote", "orders", "--to", "prod", "--offline");
    assert.equal(err, `finished an edit that a killed run had begun: wrote ${staging}\n`);
    assert.match(sample.read(prod), /tag: 6\.9\.1/);
  });

  it("says so when there is nothing to promote, and when it goes back", async () => {
    const same = await sample.run("promote", "orders", "--to", "staging");
    assert.deepEqual([same.code, same.out], [0, "nothing to promote: orders is the same in dev and staging\n"]);
    const dev = prod.replace("prod", "dev");
    sample.write(dev, sample.read(dev).replace("1.1.0", "1.0.0"));
    const back = await sample.run("promote", "orders", "--to", "staging", "--dry-run");
    assert.match(back.out, /\n {2}version: 1\.1\.0 -> 1\.0\.0\n {2}this takes orders back: staging is ahead of dev\n/);
    sample.put({ "gitops/charts/shop/1.0.0/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n" });
    sample.write(dev, sample.read(dev).replace("web-service", "shop"));
    const another = await sample.run("promote", "orders", "--to", "staging", "--dry-run");
    assert.match(another.out, /\n {2}chart: web-service -> shop\n {2}version: 1\.1\.0 -> 1\.0\.0\n(?! {2}this takes)/);
  });

  it("prints the same facts as JSON", async () => {
    const { out } = await sample.run("promote", "orders", "--to", "prod", "--json");
    const { plan, ...facts } = JSON.parse(out) as { plan: { changes: { component: string; clusters: string[] }[] } };
    assert.deepEqual(facts, {
      from: "staging",
      to: "prod",
      written: true,
      promoted: [{ component: "orders", file: prod, changes: [{ key: "image.tag", from: "6.9.0", to: "6.9.2" }] }],
      kept: [],
      same: [],
      absent: [],
    });
    assert.deepEqual(
      plan.changes.map(({ component, clusters }) => [component, clusters]),
      [["orders", ["prod"]]],
    );
  });

  it("promotes also where no plan can be made, and says why", async () => {
    sample.write(prod.replace("pin.yaml", "values.yaml"), "a: 1\n");
    sample.git("update-index", "--force-remove", "gitops/apps/guestbook/values.yaml");
    const oid = sample.git("rev-parse", "HEAD:gitops/apps/guestbook/values.yaml").trim();
    const conflict = [1, 2, 3].map((stage) => `100644 ${oid} ${stage}\tgitops/apps/guestbook/values.yaml`).join("\n");
    const { execFileSync } = await import("node:child_process");
    execFileSync("git", ["-C", sample.root, "update-index", "--index-info"], { input: `${conflict}\n` });
    const { code, out } = await sample.run("promote", "orders", "--to", "prod");
    assert.equal(code, 0);
    assert.match(
      out,
      /\nwhat this changes in the clusters could not be computed: a merge is not finished, .*guestbook/,
    );
    assert.match(sample.read(prod), /tag: 6\.9\.2/);
  });

  const wrong: [string, string[], number, string][] = [
    [
      "to skip a stage",
      ["orders", "--to", "prod", "--from", "dev"],
      1,
      "dev to prod would skip staging; prod takes its pins from staging",
    ],
    [
      "to go backwards",
      ["orders", "--to", "staging", "--from", "prod"],
      1,
      "prod does not come before staging; staging takes its pins from dev",
    ],
    [
      "to promote to the first stage",
      ["orders", "--to", "dev"],
      1,
      "dev is the first stage; nothing comes before it: edit its pins themselves",
    ],
    ["an unknown stage", ["orders", "--to", "prd"], 2, "there is no stage prd; did you mean prod?"],
    ["an unknown component", ["order", "--to", "prod"], 2, "there is no component order; did you mean orders?"],
    [
      "no component",
      ["--to", "prod"],
      2,
      "name a component, or all of them with --all; `onebranch pins` shows what there is to promote",
    ],
    [
      "several components",
      ["orders", "guestbook", "--to", "prod"],
      2,
      "name one component, or all of them with --all; found orders, guestbook",
    ],
    ["a component and all", ["orders", "--all", "--to", "prod"], 2, "give orders or --all, not both"],
    [
      "a misspelt status",
      ["staus"],
      2,
      "say which stage to promote staus to with --to STAGE; or did you mean promote status?",
    ],
    ["no stage", ["orders"], 2, "say which stage to promote to with --to STAGE"],
  ];
  for (const [what, words, exit, message] of wrong) {
    it(`refuses ${what}`, async () => {
      const { code, out, err } = await sample.run("promote", ...words);
      assert.deepEqual([code, out, err], [exit, "", `${message}\n`]);
      assert.deepEqual(sample.changes(), []);
    });
  }

  it("refuses to skip a stage that does not have the component yet", async () => {
    sample.git("rm", "--quiet", "gitops/apps/orders/stages/staging/pin.yaml");
    const { code, err } = await sample.run("promote", "orders", "--to", "prod");
    assert.deepEqual(
      [code, err],
      [
        1,
        "orders has no pin in staging, the stage before prod; promote it there first: onebranch promote orders --to staging\n",
      ],
    );
  });

  it("refuses a component that no stage before has", async () => {
    for (const stage of ["dev", "staging"]) sample.git("rm", "--quiet", `gitops/apps/orders/stages/${stage}/pin.yaml`);
    const { code, err } = await sample.run("promote", "orders", "--to", "prod");
    assert.deepEqual(
      [code, err],
      [1, "orders has no pin in staging, the stage before prod; there is nothing to promote\n"],
    );
  });

  it("refuses a pin with faults, and stages without an order", async () => {
    sample.write("gitops/apps/orders/stages/staging/pin.yaml", "component: orders\nversion: [\n");
    const { code, err } = await sample.run("promote", "orders", "--to", "prod");
    assert.equal(code, 2);
    assert.match(err, /^gitops\/apps\/orders\/stages\/staging\/pin\.yaml:\d: not valid YAML: .*\[yaml-syntax\]\n$/);
    sample.write("gitops/stages/prod.yaml", sample.read("gitops/stages/prod.yaml").replace("order: 3", "order: 2"));
    const stages = await sample.run("promote", "orders", "--to", "prod");
    assert.equal(stages.code, 2);
    assert.match(stages.err, /\[stage-order\]\n$/);
  });
});
