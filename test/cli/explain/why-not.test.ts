import assert from "node:assert/strict";
import { useSample } from "./support/sample";

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
        "  is not read: it is of the stage dev; prod is in the stage prod",
        'gitops/apps/orders/stages/staging/values.yaml:3: config.ORDERS_PAYMENT = "sandbox"',
        "  is not read: it is of the stage staging; prod is in the stage prod",
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
      "probes.live gitops/charts/web-service/1.1.0/values.yaml:9 overridden the null in gitops/clusters/prod/values/orders.yaml:1 (cluster) takes it away",
      "probes.live gitops/apps/orders/values.yaml:4 overridden the null in gitops/clusters/prod/values/orders.yaml:1 (cluster) takes it away",
    ]);
  });

  const unread: [string, string, string[], string][] = [
    [
      "another region",
      "gitops/apps/orders/regions/us-east-1.yaml",
      ["prod", "orders"],
      "it is of the region us-east-1; prod is in the region eu-west-1",
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
      "it is of the cluster dev, not of prod",
    ],
    [
      "another component",
      "gitops/apps/guestbook/values.yaml",
      ["prod", "orders"],
      "it is of the component guestbook, not of orders",
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
      "the pin of a chart of others",
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
      [2, "gitops/apps/orders/local.yaml is no file that Git would commit; Argo CD only sees what is committed\n"],
    );
  });
});
