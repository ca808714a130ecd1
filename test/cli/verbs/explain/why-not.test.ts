import assert from "node:assert/strict";
import { useSample } from "../../support/sample";

describe("onebranch explain --why-not", () => {
  const sample = useSample();

  async function fates(...words: string[]): Promise<string[]> {
    const { code, out, err } = await sample.run("explain", ...words, "--json");
    assert.deepEqual([code, err], [0, ""]);
    const found = (JSON.parse(out) as { fates: Record<string, unknown>[] }).fates;
    return found.map(({ key, file, line, outcome, reason = "" }) =>
      `${key} ${file}:${line} ${outcome} ${reason}`.trim(),
    );
  }

  it("names every file that sets a key, and what became of it", async () => {
    const { code, out } = await sample.run("explain", "prod", "orders", "--why-not", "config.ORDERS_PAYMENT");
    assert.equal(code, 0);
    assert.equal(
      out,
      [
        "orders in prod: set in 3 places, 1 arrive",
        "",
        'gitops/apps/orders/stages/prod/values.yaml:3: config.ORDERS_PAYMENT = "live"',
        "  arrives",
        'gitops/apps/orders/stages/dev/values.yaml:2: config.ORDERS_PAYMENT = "fake"',
        "  is not read: it belongs to the stage dev; prod is in the stage prod",
        'gitops/apps/orders/stages/staging/values.yaml:3: config.ORDERS_PAYMENT = "sandbox"',
        "  is not read: it belongs to the stage staging; prod is in the stage prod",
        "",
      ].join("\n"),
    );
  });

  it("names the layer that overrides a value of a file", async () => {
    assert.deepEqual(
      await fates("prod", "orders", "replicas", "--why-not", "gitops/apps/orders/stages/prod/values.yaml"),
      [
        "replicas gitops/apps/orders/stages/prod/values.yaml:1 overridden gitops/clusters/prod/values/orders.yaml:1 (cluster) sets 5",
      ],
    );
    sample.write("gitops/clusters/prod/values/orders.yaml", "probes: null\n");
    assert.deepEqual(await fates("prod", "orders", "--why-not", "probes.live"), [
      "probes.live gitops/charts/web-service/1.1.0/values.yaml:9 overridden the null in gitops/clusters/prod/values/orders.yaml:1 (cluster) removes it",
      "probes.live gitops/apps/orders/values.yaml:4 overridden the null in gitops/clusters/prod/values/orders.yaml:1 (cluster) removes it",
    ]);
  });

  it("names the fact that overrides a value, and says that the chart gets it", async () => {
    const directory = "gitops/addons/cert-manager";
    const pin = `${directory}/stages/dev/pin.yaml`;
    sample.write(pin, `${sample.read(pin)}facts:\n  zone: region\n`);
    sample.write(`${directory}/values.yaml`, `${sample.read(`${directory}/values.yaml`)}zone: here\n`);
    const line = (file: string, text: string) => sample.read(file).split("\n").indexOf(text) + 1;
    const fact = line(pin, "  zone: region");
    assert.deepEqual(await fates("dev", "cert-manager", "--offline", "--why-not", "zone"), [
      `zone ${directory}/values.yaml:${line(`${directory}/values.yaml`, "zone: here")} overridden ${pin}:${fact} (fact region) sets "us-east-1"`,
      `zone ${pin}:${fact} arrives`,
    ]);
    const ofPin = await fates("dev", "cert-manager", "--offline", "--why-not", pin);
    assert.deepEqual(
      ofPin.filter((fate) => fate.startsWith("facts")),
      [`facts.zone ${pin}:${fact} arrives the chart gets the fact region of the cluster as zone`],
    );
  });

  const unread: [string, string, string[], string][] = [
    [
      "another region",
      "gitops/apps/orders/regions/us-east-1.yaml",
      ["prod", "orders"],
      "it belongs to the region us-east-1; prod is in the region eu-west-1",
    ],
    [
      "a region that does not exist",
      "gitops/apps/orders/regions/eu-west1.yaml",
      ["prod", "orders"],
      "there is no region eu-west1; did you mean eu-west-1?",
    ],
    [
      "a stage that does not exist",
      "gitops/apps/orders/stages/prd/values.yaml",
      ["prod", "orders"],
      "there is no stage prd; did you mean prod?",
    ],
    [
      "another cluster",
      "gitops/clusters/dev/values/orders.yaml",
      ["prod", "orders"],
      "it belongs to the cluster dev, not to prod",
    ],
    [
      "another component",
      "gitops/apps/guestbook/values.yaml",
      ["prod", "orders"],
      "it belongs to the component guestbook, not to orders",
    ],
    [
      "a misspelt component",
      "gitops/clusters/prod/values/order.yaml",
      ["prod", "orders"],
      "there is no component order; did you mean orders?",
    ],
    [
      "a misspelt file",
      "gitops/apps/orders/stages/prod/valeus.yaml",
      ["prod", "orders"],
      "nothing reads valeus.yaml in gitops/apps/orders/stages/prod; did you mean values.yaml?",
    ],
    [
      "another version of the chart",
      "gitops/charts/web-service/1.0.0/values.yaml",
      ["prod", "orders"],
      "orders uses gitops/charts/web-service/1.1.0 in prod, not web-service 1.0.0",
    ],
    [
      "the pin of a third-party chart",
      "gitops/addons/cert-manager/stages/prod/pin.yaml",
      ["prod", "cert-manager"],
      "cert-manager comes from a chart repository, whose charts do not get the pin as values",
    ],
    ["a file of bootstrap", "gitops/stages/prod.yaml", ["prod", "orders"], "it is read by bootstrap, not by orders"],
    ["a file outside of the tree", "notes.yaml", ["prod", "orders"], "Argo CD reads only what is below gitops/"],
  ];
  for (const [what, path, words, reason] of unread) {
    it(`says why ${what} is not read`, async () => {
      if (!sample.git("ls-files", path)) sample.write(path, "debug: true\n");
      const found = await fates(...words, "--why-not", path);
      assert.ok(found.length > 0);
      for (const line of found) assert.ok(line.endsWith(` not read ${reason}`), line);
    });
  }

  it("says that a value arrives and that no template uses it, with the key that was meant", async () => {
    sample.write("gitops/clusters/prod/values/guestbook.yaml", "runAsUsr: 1\nreplicas: 2\n");
    const [unused, used] = await fates("prod", "guestbook", "--why-not", "gitops/clusters/prod/values/guestbook.yaml");
    assert.equal(
      used,
      "runAsUsr gitops/clusters/prod/values/guestbook.yaml:1 arrives no manifest changes with it: no template of the chart uses it here; the chart knows runAsUser, did you mean that?",
    );
    assert.match(
      unused!,
      /^replicas .*:2 arrives but `onebranch check` refuses it: .*exceptions\.yaml has no entry for guestbook$/,
    );
  });

  it("says that an exception is over", async () => {
    const path = "gitops/clusters/prod/exceptions.yaml";
    sample.write(path, sample.read(path).replaceAll(/expires: .*/g, 'expires: "2020-01-31"'));
    const [fate] = await fates("prod", "orders", "replicas", "--why-not", "gitops/clusters/prod/values/orders.yaml");
    assert.match(fate!, /arrives but `onebranch check` refuses it: its exception expired on 2020-01-31$/);
  });

  it("says that a subchart is switched off", async () => {
    const chart = "gitops/charts/web-service/1.1.0";
    const dependency = "dependencies:\n  - name: cache\n    version: 1.0.0\n    condition: cache.enabled\n";
    sample.write(`${chart}/Chart.yaml`, `${sample.read(`${chart}/Chart.yaml`)}${dependency}`);
    sample.write(`${chart}/charts/cache/Chart.yaml`, "apiVersion: v2\nname: cache\nversion: 1.0.0\n");
    sample.write(`${chart}/charts/cache/values.yaml`, "size: 1\n");
    sample.write("gitops/apps/orders/values.yaml", "cache:\n  enabled: false\n  size: 9\n");
    assert.deepEqual(await fates("prod", "orders", "cache.size", "--why-not", "gitops/apps/orders/values.yaml"), [
      "cache.size gitops/apps/orders/values.yaml:3 arrives nothing reads it: the subchart cache is switched off by its condition or tags",
    ]);
    sample.write("gitops/apps/orders/values.yaml", "cache:\n  enabled: true\n  size: 9\n");
    assert.deepEqual(await fates("prod", "orders", "--why-not", "cache.size"), [
      `cache.size ${chart}/charts/cache/values.yaml:1 overridden gitops/apps/orders/values.yaml:3 (component) sets 9`,
      "cache.size gitops/apps/orders/values.yaml:3 arrives no manifest changes with it: no template of the chart uses it here",
    ]);
  });

  it("says why the component is not in the cluster at all", async () => {
    const { code, err } = await sample.run("explain", "prod", "metrics-server", "--why-not", "replicas");
    assert.equal(code, 1);
    assert.match(err, /^metrics-server is not in prod: it has no pin in the stage prod /);
  });

  it("finds a key in a misspelt file that nothing reads", async () => {
    sample.write("gitops/apps/orders/stages/prod/valeus.yaml", "\ndebug: true\n");
    assert.deepEqual(await fates("prod", "orders", "--why-not", "debug"), [
      "debug gitops/apps/orders/stages/prod/valeus.yaml:2 not read nothing reads valeus.yaml in gitops/apps/orders/stages/prod; did you mean values.yaml?",
    ]);
  });

  it("says that an ignored file is none of the tree", async () => {
    sample.write(".gitignore", "local.yaml\n");
    sample.write("gitops/apps/orders/local.yaml", "debug: true\n");
    const { code, err } = await sample.run("explain", "prod", "orders", "--why-not", "gitops/apps/orders/local.yaml");
    assert.deepEqual(
      [code, err],
      [2, "gitops/apps/orders/local.yaml is not a file that Git would commit; Argo CD only sees what is committed\n"],
    );
  });
});
