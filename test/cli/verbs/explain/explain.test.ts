import assert from "node:assert/strict";
import { join } from "node:path";
import { useSample } from "../../support/sample";

describe("onebranch explain", () => {
  const sample = useSample();

  /** Values by key, with the layers they went through as `file:line=value`. */
  async function layersOf(cluster: string, component: string, ...more: string[]): Promise<Record<string, string[]>> {
    const { code, out, err } = await sample.run("explain", cluster, component, ...more, "--json");
    assert.deepEqual([code, err], [0, ""]);
    const { values } = JSON.parse(out) as { values: Found[] };
    const show = ({ file, line, value }: Place) => `${file.replace(/^gitops\//, "")}:${line}=${JSON.stringify(value)}`;
    return Object.fromEntries(values.map((value) => [value.key, [value, ...value.overrides].map(show)]));
  }

  it("says which file set a value and what that overrode, nearest first", async () => {
    const { code, out, err } = await sample.run("explain", "prod", "orders", "replicas");
    assert.deepEqual([code, err], [0, ""]);
    assert.equal(
      out,
      [
        "orders in prod: chart web-service 1.1.0, 1 value",
        "",
        "KEY       VALUE  LAYER    SET BY",
        "replicas  5      cluster  gitops/clusters/prod/values/orders.yaml:1",
        "          was 3  stage    gitops/apps/orders/stages/prod/values.yaml:1",
        "          was 1  chart    gitops/charts/web-service/1.1.0/values.yaml:1",
        "",
      ].join("\n"),
    );
  });

  it("gives the same facts as JSON", async () => {
    const { out } = await sample.run("explain", "prod", "orders", "config.ORDERS_CURRENCY", "--json");
    assert.deepEqual(JSON.parse(out), {
      cluster: "prod",
      component: "orders",
      values: [
        {
          key: "config.ORDERS_CURRENCY",
          value: "EUR",
          file: "gitops/apps/orders/regions/eu-west-1.yaml",
          line: 2,
          layer: "region",
          overrides: [{ value: "USD", file: "gitops/apps/orders/values.yaml", line: 7, layer: "component" }],
        },
      ],
      removed: [],
      layers: [
        { layer: "component", file: "gitops/apps/orders/values.yaml", exists: true },
        { layer: "pin", file: "gitops/apps/orders/stages/prod/pin.yaml", exists: true },
        { layer: "stage", file: "gitops/apps/orders/stages/prod/values.yaml", exists: true },
        { layer: "region", file: "gitops/apps/orders/regions/eu-west-1.yaml", exists: true },
        { layer: "cluster", file: "gitops/clusters/prod/values/orders.yaml", exists: true },
        { layer: "cluster pin", file: "gitops/clusters/prod/pins/orders.yaml", exists: false },
      ],
      hooks: [],
      notes: [],
    });
  });

  it("says when the hooks of a component run, and which never do", async () => {
    const hook = (name: string, phases: string) =>
      `---\napiVersion: batch/v1\nkind: Job\nmetadata: { name: ${name}, annotations: { helm.sh/hook: "${phases}" } }\n`;
    const template = "gitops/charts/web-service/1.1.0/templates/hooks.yaml";
    sample.write(template, hook("migrate", "pre-install,post-delete") + hook("smoke", "test-success"));
    const { out } = await sample.run("explain", "dev", "orders");
    assert.ok(
      out.endsWith(
        "\nJob orders/migrate is a hook: Argo CD applies it in PreSync and PostDelete\n" +
          "Job orders/smoke is a hook that Argo CD never applies\n",
      ),
      out,
    );
    const { hooks } = JSON.parse((await sample.run("explain", "dev", "orders", "--json")).out) as {
      hooks: { name: string; phases: string[] }[];
    };
    assert.deepEqual(
      hooks.map(({ name, phases }) => [name, phases]),
      [
        ["migrate", ["PreSync", "PostDelete"]],
        ["smoke", []],
      ],
    );
    assert.doesNotMatch((await sample.run("explain", "dev", "orders", "replicas")).out, /hook/);
  });

  it("follows a component through every layer, the cluster's own pin last", async () => {
    sample.write("gitops/clusters/dev/pins/orders.yaml", "component: orders\nimage:\n  tag: 6.9.3\n");
    sample.write("gitops/clusters/dev/values/orders.yaml", "image: { tag: 0.0.1 }\n");
    const values = await layersOf("dev", "orders", "image");
    assert.deepEqual(values["image.tag"], [
      'clusters/dev/pins/orders.yaml:3="6.9.3"',
      'clusters/dev/values/orders.yaml:1="0.0.1"',
      'apps/orders/stages/dev/pin.yaml:9="6.9.2"',
    ]);
    assert.deepEqual(Object.keys(values), ["image.repository", "image.tag"]);
  });

  it("names the fact of the cluster that a chart gets, and the line of the pin", async () => {
    const pin = "gitops/apps/orders/stages/prod/pin.yaml";
    const schema = "gitops/charts/web-service/1.1.0/values.schema.json";
    sample.write(schema, sample.read(schema).replace('"global"', '"facts": { "type": "object" },\n    "global"'));
    sample.write(pin, `${sample.read(pin)}facts:\n  config.ORDERS_CURRENCY: region\n`);
    const line = sample.read(pin).split("\n").indexOf("  config.ORDERS_CURRENCY: region") + 1;
    const { code, out, err } = await sample.run("explain", "prod", "orders", "config.ORDERS_CURRENCY");
    assert.deepEqual([code, err], [0, ""]);
    assert.equal(
      out,
      [
        "orders in prod: chart web-service 1.1.0, 1 value",
        "",
        "KEY                     VALUE        LAYER        SET BY",
        `config.ORDERS_CURRENCY  "eu-west-1"  fact region  ${pin}:${line}`,
        '                        was "EUR"    region       gitops/apps/orders/regions/eu-west-1.yaml:2',
        '                        was "USD"    component    gitops/apps/orders/values.yaml:7',
        "",
      ].join("\n"),
    );
  });

  it("merges mappings, replaces lists, and lets null take a default away", async () => {
    sample.write("gitops/clusters/prod/values/orders.yaml", "probes: null\nresources:\n  limits:\n");
    const { code, out } = await sample.run("explain", "prod", "orders", "probes");
    assert.equal(code, 0);
    assert.match(out, /^probes +removed +cluster +gitops\/clusters\/prod\/values\/orders\.yaml:1$/m);
    assert.match(
      out,
      /^ +was \{"live":"\/healthz","ready":"\/readyz"\} +component +gitops\/apps\/orders\/values\.yaml:2$/m,
    );
    const values = await layersOf("prod", "orders");
    assert.equal(values["resources.limits.memory"], undefined);
    assert.deepEqual(values["resources.requests.cpu"]?.length, 2);
    const namespaces = await layersOf("prod", "guardrails", "namespaces");
    assert.deepEqual(namespaces.namespaces, [
      'addons/guardrails/values.yaml:14=["guestbook","orders"]',
      "charts/guardrails/1.0.0/values.yaml:13=[]",
    ]);
  });

  it("takes keys with dots inside, with or without quotes", async () => {
    for (const key of ["quota.requests.cpu", 'quota."requests.cpu"']) {
      assert.deepEqual(await layersOf("dev", "guardrails", key), {
        'quota."requests.cpu"': [
          'addons/guardrails/stages/dev/values.yaml:3="2"',
          'charts/guardrails/1.0.0/values.yaml:10="4"',
        ],
      });
    }
  });

  it("reads the defaults of a packed chart, and says so when there is none at hand", async () => {
    const none = await sample.run("explain", "prod", "cert-manager", "--charts", "packed", "--offline");
    assert.match(
      none.out,
      /\nnot evaluated, so the defaults of the chart are left out: the chart cert-manager v1\.21\.3 of https:\/\/charts\.jetstack\.io is not at hand; put cert-manager-v1\.21\.3\.tgz into the directory of --charts\n$/,
    );
    sample.write("packed/cert-manager/values.yaml", "replicaCount: 1\nprometheus:\n  enabled: true\n");
    sample.write("packed/cert-manager/Chart.yaml", "apiVersion: v2\nname: cert-manager\nversion: 1.21.3\n");
    const { execFileSync } = await import("node:child_process");
    const packed = join(sample.root, "packed");
    execFileSync("tar", ["-czf", join(packed, "cert-manager-v1.21.3.tgz"), "-C", packed, "cert-manager"]);
    const values = await layersOf("prod", "cert-manager", "--charts", "packed");
    assert.deepEqual(values.replicaCount, [
      "addons/cert-manager/stages/prod/values.yaml:1=2",
      "cert-manager-v1.21.3.tgz/values.yaml:1=1",
    ]);
    assert.deepEqual(values["prometheus.enabled"], ["cert-manager-v1.21.3.tgz/values.yaml:3=true"]);
  });

  describe("when the component is not there", () => {
    it("says that the stage has no pin of it", async () => {
      const { code, out, err } = await sample.run("explain", "prod", "metrics-server");
      assert.deepEqual([code, out], [1, ""]);
      assert.equal(
        err,
        "metrics-server is not in prod: it has no pin in the stage prod (gitops/addons/metrics-server/stages/prod/pin.yaml does not exist; it has one in dev, staging); bring it there with `onebranch promote metrics-server --to prod`\n",
      );
    });

    it("says that the cluster cannot do what the pin requires, also as JSON", async () => {
      const path = "gitops/clusters/dev/cluster.yaml";
      sample.write(path, sample.read(path).replace("[base, nodes, storage]", "[base]"));
      const { code, out } = await sample.run("explain", "dev", "metrics-server", "--json");
      assert.equal(code, 1);
      assert.deepEqual(JSON.parse(out), {
        cluster: "dev",
        component: "metrics-server",
        values: [],
        missing:
          'metrics-server is not in dev: gitops/addons/metrics-server/stages/dev/pin.yaml requires "nodes", and dev (kind) offers base',
      });
    });

    it("says what is wrong with its pin", async () => {
      sample.write("gitops/apps/orders/stages/dev/pin.yaml", "component: orders\nverzion: 1.0.0\n");
      const { code, err } = await sample.run("explain", "dev", "orders");
      assert.equal(code, 1);
      assert.match(err, /^orders is not in dev: its pin has faults\ngitops\/apps\/orders\/stages\/dev\/pin\.yaml:/);
      assert.match(err, /pin\.yaml:2: unknown key "verzion"; /);
    });
  });

  describe("with a name that nothing has", () => {
    const cases: [string, string[], string][] = [
      ["a cluster", ["prd", "orders"], "there is no cluster prd; did you mean prod?"],
      ["a cluster like no other", ["mars", "orders"], "there is no cluster mars; there are dev, prod, staging"],
      ["a component", ["prod", "ordes"], "there is no component ordes; did you mean orders?"],
      [
        "a key",
        ["prod", "orders", "replica"],
        "orders in prod has no value replica; did you mean replicas?\n`onebranch explain prod orders --why-not replica` looks for it in files of other stages, regions and clusters",
      ],
      [
        "a key of no file",
        ["prod", "orders", "--why-not", "replcas"],
        "no file sets replcas for orders, in any stage, region or cluster; did you mean replicas?",
      ],
      [
        "a file",
        ["prod", "orders", "--why-not", "gitops/apps/orders/stages/prod/value.yaml"],
        "there is no file gitops/apps/orders/stages/prod/value.yaml; did you mean gitops/apps/orders/stages/prod/values.yaml?",
      ],
      [
        "a key that a file does not set",
        ["prod", "orders", "replica", "--why-not", "gitops/apps/orders/stages/prod/values.yaml"],
        "gitops/apps/orders/stages/prod/values.yaml does not set replica; did you mean replicas?",
      ],
    ];
    for (const [what, words, message] of cases) {
      it(`refuses ${what}`, async () => {
        const { code, out, err } = await sample.run("explain", ...words);
        assert.deepEqual([code, out, err], [2, "", `${message}\n`]);
      });
    }
  });

  describe("with a tree that is broken", () => {
    const path = "gitops/apps/orders/values.yaml";
    const cases: [string, string | Buffer, RegExp][] = [
      [
        "text that is not YAML",
        "config: [a\nport: 1\n",
        /^gitops\/apps\/orders\/values\.yaml:\d: not valid YAML: .+\n/,
      ],
      [
        "a binary file",
        Buffer.from([0x63, 0x3a, 0x20, 0xff, 0xfe, 0x00]),
        /^gitops\/apps\/orders\/values\.yaml:1: this file is not UTF-8 text\n/,
      ],
      ["a list", "- 1\n", /^gitops\/apps\/orders\/values\.yaml:1: the file is a list, not a mapping\n/],
      [
        "10 MB of broken values",
        `big: "${"x".repeat(10_000_000)}"\nb: [\n`,
        /^gitops\/apps\/orders\/values\.yaml:\d: not valid YAML: did not find expected node content\n/,
      ],
      [
        "a mapping that unfolds without end",
        `a0: &a0 [1,1,1,1,1,1,1,1,1]\n${[1, 2, 3, 4, 5, 6]
          .map(
            (n) =>
              `a${n}: &a${n} [${Array(9)
                .fill(`*a${n - 1}`)
                .join(", ")}]\n`,
          )
          .join("")}`,
        /^gitops\/apps\/orders\/values\.yaml:1: the file is nested too deeply, or its aliases repeat too much\n/,
      ],
    ];
    for (const [what, content, message] of cases) {
      it(`refuses ${what}`, async () => {
        sample.write(path, content);
        const { code, out, err } = await sample.run("explain", "dev", "orders");
        assert.deepEqual([code, out], [2, ""]);
        assert.match(err, message);
        assert.match(err, /\norders does not render in dev until this is mended\n$/);
      });
    }

    it("names a cluster that cannot be read", async () => {
      sample.write("gitops/clusters/dev/cluster.yaml", "name: dev\n");
      const { code, err } = await sample.run("explain", "dev", "orders");
      assert.deepEqual(
        [code, err],
        [2, "the cluster dev cannot be read: gitops/clusters/dev/cluster.yaml has no stage\n"],
      );
    });
  });
});

interface Place {
  file: string;
  line: number;
  value: unknown;
}

interface Found extends Place {
  key: string;
  overrides: Place[];
}
