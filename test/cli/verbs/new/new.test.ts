import assert from "node:assert/strict";
import { Directory } from "../../../../model/directory";
import { readTree } from "../../../../model/tree";
import { useSample } from "../../support/sample";

describe("onebranch new", () => {
  const sample = useSample();
  const exception = ["--owner", "team-commerce", "--reason", "A sale.", "--ticket", "OPS-1", "--expires", "2099-12-31"];

  it("writes an app that the check finds nothing wrong with", async () => {
    const words = [
      "--team",
      "commerce",
      "--image",
      "ghcr.io/stefanprodan/podinfo:6.9.2",
      "--set",
      "config.LEVEL=debug",
    ];
    const { code, out, err } = await sample.run("new", "app", "cart", ...words);
    assert.deepEqual([code, err], [0, ""]);
    // What is not at hand offline is noted by the check; that is not about this app.
    const said = out.replaceAll(/^.*: not evaluated: .*\n/gm, "").replace(/, \d+ not evaluated$/m, "");
    assert.equal(
      said,
      [
        "wrote gitops/apps/cart/stages/dev/pin.yaml",
        "wrote gitops/apps/cart/values.yaml",
        "changed gitops/bootstrap/values.yaml",
        "changed gitops/addons/guardrails/values.yaml",
        "",
        "0 errors",
        "",
      ].join("\n"),
    );
    assert.equal(
      sample.read("gitops/apps/cart/stages/dev/pin.yaml"),
      [
        "component: cart",
        "chart: web-service",
        "version: 1.1.0",
        "namespace: cart",
        "requires: base",
        "team: commerce",
        "image:",
        "  repository: ghcr.io/stefanprodan/podinfo",
        "  tag: 6.9.2",
        "",
      ].join("\n"),
    );
    assert.equal(
      sample.read("gitops/apps/cart/values.yaml"),
      "# What is the same in every stage; gitops/charts/web-service/1.1.0/values.yaml lists what there is.\nconfig:\n  LEVEL: debug\n",
    );
    assert.match(
      sample.git("diff", "gitops/bootstrap"),
      /^- {4}namespaces: \[orders\]\n\+ {4}namespaces: \[orders, cart\]$/m,
    );
    const rendered = await sample.run("render", "dev", "cart");
    assert.deepEqual([rendered.code, rendered.err], [0, ""]);
    assert.match(rendered.out, /LEVEL: debug/);
  });

  it("takes the shared chart service at its highest version, where the tree has it", async () => {
    for (const version of ["1.9.0", "1.10.0"]) {
      const chart = `gitops/charts/service/${version}`;
      sample.write(`${chart}/Chart.yaml`, `apiVersion: v2\nname: service\nversion: ${version}\n`);
      sample.write(`${chart}/values.yaml`, "port: 8080\n");
    }
    const { code, err } = await sample.run("new", "app", "parcel", "--team", "commerce", ...image);
    assert.deepEqual([code, err], [0, ""]);
    assert.match(sample.read("gitops/apps/parcel/stages/dev/pin.yaml"), /^chart: service\nversion: 1\.10\.0$/m);
  });

  it("writes an add-on from a third-party chart, with its repository and namespace allowed", async () => {
    const repo = "https://charts.example.com";
    const { code } = await sample.run(
      "new",
      "addon",
      "trace",
      "--repo",
      repo,
      "--version",
      "1.2.3",
      "--requires",
      "nodes",
    );
    assert.equal(code, 0);
    assert.match(sample.git("diff", "gitops/bootstrap"), /^\+ {4}- https:\/\/charts\.example\.com$/m);
    assert.match(sample.git("diff", "gitops/bootstrap"), /^\+ {4}trace:.*$/m);
    assert.equal((await sample.run("explain", "dev", "trace", "--charts", "none")).code, 0);
  });

  it("writes what an add-on requires, one thing or several", async () => {
    const addon = ["new", "addon", "envoy", "--repo", "https://charts.jetstack.io", "--version", "1.0.0"];
    const pin = "gitops/addons/envoy/stages/dev/pin.yaml";
    for (const [requires, written] of [
      [["nodes"], "requires: nodes"],
      [["nodes", "storage"], "requires: [nodes, storage]"],
    ] as const) {
      const { out } = await sample.run(...addon, "--dry-run", ...requires.flatMap((one) => ["--requires", one]));
      assert.ok(out.includes(pin) && out.includes(`${written}\n`), out);
    }
  });

  it("writes a cluster with the facts that follow from its region and provider", async () => {
    sample.write("Pulumi.yaml", "name: onebranch\n");
    const { code } = await sample.run(
      "new",
      "cluster",
      "staging-2",
      "--stage",
      "staging",
      "--region",
      "eu-west-1",
      "--provider",
      "kind",
    );
    assert.equal(code, 0);
    assert.equal(
      sample.read("gitops/clusters/staging-2/cluster.yaml"),
      [
        "name: staging-2",
        "stage: staging",
        "region: eu-west-1",
        "provider: kind",
        'kubernetesVersion: "1.36"',
        "domain: staging-2.eu.onebranch.example",
        "capabilities: [base, nodes, storage, monitoring, gateway]",
        "compliance: [gdpr]",
        "",
      ].join("\n"),
    );
    assert.match(sample.read("Pulumi.staging-2.yaml"), /^# .*\nconfig: \{\}\n$/);
    assert.deepEqual(readTree(new Directory(sample.root)).findings, []);
  });

  it("writes a stage, and moves the later ones", async () => {
    const { out } = await sample.run("new", "stage", "canary", "--after", "staging", "--approver", "team-platform");
    assert.match(out, /^wrote gitops\/stages\/canary\.yaml\nchanged gitops\/stages\/prod\.yaml\n/);
    const { stages, findings } = readTree(new Directory(sample.root));
    assert.deepEqual([...stages.keys()], ["dev", "staging", "canary", "prod"]);
    assert.deepEqual(findings, []);
    assert.match(sample.git("diff", "gitops/stages/prod.yaml"), /^-order: 3\n\+order: 4$/m);
  });

  it("writes an exception with the values that it excuses", async () => {
    const before = sample.read("gitops/clusters/prod/exceptions.yaml");
    const { code } = await sample.run(
      "new",
      "exception",
      "guestbook",
      "--cluster",
      "prod",
      "--set",
      "replicas=6",
      ...exception,
    );
    assert.equal(code, 0);
    assert.deepEqual(sample.changes(), [
      " M gitops/clusters/prod/exceptions.yaml",
      "?? gitops/clusters/prod/values/guestbook.yaml",
    ]);
    assert.ok(
      sample
        .read("gitops/clusters/prod/exceptions.yaml")
        .startsWith(`${before}- component: guestbook\n  keys: [replicas]\n`),
    );
    assert.equal(sample.read("gitops/clusters/prod/values/guestbook.yaml"), "replicas: 6\n");
  });

  it("writes an exception with the pin that it excuses", async () => {
    const { code } = await sample.run(
      "new",
      "exception",
      "orders",
      "--cluster",
      "dev",
      "--pin",
      "canary",
      "--tag",
      "6.9.3",
      ...exception,
    );
    assert.equal(code, 0);
    assert.equal(sample.read("gitops/clusters/dev/pins/orders.yaml"), "component: orders\nimage:\n  tag: 6.9.3\n");
    assert.match(
      (await sample.run("explain", "dev", "orders", "image.tag")).out,
      /^image\.tag +"6\.9\.3" +cluster pin /m,
    );
  });

  it("writes nothing on a dry run", async () => {
    const { code, out } = await sample.run("new", "stage", "last", "--dry-run");
    assert.equal(code, 0);
    assert.ok(out.startsWith("--- gitops/stages/last.yaml (new)\norder: 4\napplicationsSync: create-update\n"), out);
    assert.deepEqual(sample.changes(), []);
  });

  it("prints the same facts as JSON, with what the check found", async () => {
    sample.write("gitops/apps/orders/valeus.yaml", "a: 1\n");
    const { code, out } = await sample.run("new", "stage", "last", "--json");
    const { written, files, findings } = JSON.parse(out) as {
      written: boolean;
      files: unknown[];
      findings: { rule: string }[];
    };
    assert.equal(code, 1);
    assert.deepEqual([written, files], [true, [{ path: "gitops/stages/last.yaml", kind: "new" }]]);
    assert.ok(findings.some(({ rule }) => rule === "unexpected-file"));
  });

  const image = ["--image", "example.com/x:1"];
  const wrong: [string, string[], number, string][] = [
    ["an unknown kind", ["ap", "x"], 2, "there is no kind ap; did you mean app?"],
    [
      "a name that is none",
      ["app", "My_App"],
      2,
      '"My_App" is not a name for a component; use lowercase letters, digits and inner dashes, at most 53 characters, such as my-app',
    ],
    [
      "a component that is there",
      ["app", "guardrails", "--team", "commerce", ...image],
      1,
      "gitops/addons/guardrails is there already; nothing was written",
    ],
    [
      "a cluster that is there",
      ["cluster", "dev", "--stage", "dev", "--region", "us-east-1", "--provider", "kind"],
      1,
      "gitops/clusters/dev/cluster.yaml is there already; nothing was written",
    ],
    ["an app without a team", ["app", "x", ...image], 2, "this needs --team TEAM; the teams are storefront, commerce"],
    [
      "an unknown team",
      ["app", "x", "--team", "comerce", ...image],
      2,
      "there is no team comerce; did you mean commerce?",
    ],
    [
      "an image that moves",
      ["app", "x", "--team", "commerce", "--image", "example.com/x:latest"],
      2,
      'image.tag is "latest"; use a tag that does not move',
    ],
    [
      "another team's namespace",
      ["app", "x", "--team", "commerce", "--namespace", "guestbook", ...image],
      1,
      "the namespace guestbook is in teams.storefront.namespaces of gitops/bootstrap/values.yaml; give another one with --namespace",
    ],
    [
      "an unknown version",
      ["app", "x", "--team", "commerce", "--version", "1.2.0", ...image],
      2,
      "there is no version of web-service 1.2.0; did you mean 1.0.0?",
    ],
    [
      "a version that is a range",
      ["addon", "x", "--repo", "https://charts.example.com", "--version", "1.x"],
      2,
      'version is "1.x"; use one exact version such as 1.2.3; ranges would move without a commit',
    ],
    [
      "an unknown region",
      ["cluster", "x", "--stage", "dev", "--region", "us-east1", "--provider", "kind"],
      2,
      "there is no region us-east1; did you mean us-east-1?",
    ],
    [
      "an option of another kind",
      ["stage", "x", "--team", "commerce"],
      2,
      "onebranch new stage has no option --team; it takes --after, --approver",
    ],
    [
      "an exception without a reason",
      ["exception", "orders", "--cluster", "dev", "--set", "replicas=2", "--owner", "me"],
      2,
      "an exception needs --reason: why the stage's values are not enough",
    ],
    [
      "an exception that is over",
      ["exception", "orders", "--cluster", "dev", "--set", "replicas=2", ...exception.slice(0, -1), "2020-01-01"],
      2,
      "",
    ],
    [
      "a second exception",
      ["exception", "orders", "--cluster", "prod", "--set", "port=1", ...exception],
      1,
      "gitops/clusters/prod/exceptions.yaml has an exception for the keys of orders already; change it there",
    ],
    [
      "an exception for nothing",
      ["exception", "orders", "--cluster", "prod", ...exception],
      2,
      "an exception is for values or for a pin; give either --set KEY=VALUE or --pin canary|hold",
    ],
  ];
  for (const [what, words, exit, message] of wrong) {
    it(`refuses ${what}, and writes nothing`, async () => {
      const { code, out, err } = await sample.run("new", ...words);
      assert.deepEqual([code, out], [exit, ""]);
      if (message === "") assert.match(err, /^--expires 2020-01-01 is over; today is \d{4}-\d\d-\d\d\n$/);
      else assert.equal(err, `${message}\n`);
      assert.deepEqual(sample.changes(), []);
    });
  }
});
